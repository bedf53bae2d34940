"""The declarative base, the column types and the mixins that every row shares."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import JSON, DateTime, Enum, ForeignKey, MetaData, String, TypeDecorator, event
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from matcher.kit.ids import new_id

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The one registry of tables."""

    metadata = MetaData(naming_convention=NAMES)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, stored as UTC, always aware in Python; a naive value is refused."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Use a zoned column where the database has one."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into UTC; raise ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = JSON(none_as_null=True)


def snake(name: str) -> str:
    """CamelCase to snake_case."""
    return "".join("_" + c.lower() if c.isupper() and i else c.lower() for i, c in enumerate(name))


def enum_column(kind: type[StrEnum]) -> Enum:
    """A StrEnum stored by value, with a CHECK that the database keeps."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        name=snake(kind.__name__),
        length=32,
        values_callable=lambda k: [member.value for member in k],
        validate_strings=True,
    )


def hub_key(*, index: bool = True) -> Any:
    """The column that says to which hub a row belongs."""
    return mapped_column(String(16), ForeignKey("hubs.id"), index=index)


def key(target: str, *, index: bool = True, null: bool = False) -> Any:
    """A foreign key to the id of another table, e.g. `key("persons.id")`."""
    return mapped_column(String(16), ForeignKey(target), index=index, nullable=null)


class Row:
    """Mixin: an opaque id and the moment of creation (handed in by the action)."""

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id, sort_order=-10)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, sort_order=90)


@event.listens_for(Base, "init", propagate=True)
def _id_at_once(target: Any, args: Any, kwargs: dict[str, Any]) -> None:
    """Give a row its id when it is made, so that sealed fields can be bound to it before the flush."""
    if isinstance(target, Row):
        given = dict(kwargs)
        kwargs.clear()
        kwargs.update({"id": new_id(), **given})  # first, because the constructor sets attributes in this order


def columns_of(row: Base) -> dict[str, Any]:
    """The plain column values of a row, by attribute name."""
    return {attr.key: getattr(row, attr.key) for attr in cast(Any, row).__mapper__.column_attrs}
