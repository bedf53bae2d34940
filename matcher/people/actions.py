"""Everything that writes persons and their sign-ins, under one roof."""

from matcher.people.actions_account import (
    ON_CLOSE,
    ask_for_address,
    ask_for_reset,
    change_address,
    change_password,
    close_account,
    create_person,
    describe_person,
    reset_password,
    send_verification,
    sign_up,
    suspend,
    verify,
)
from matcher.people.actions_sign_in import begin_sign_in, check_password, revoke_all, revoke_sign_in

__all__ = [
    "ON_CLOSE", "ask_for_address", "ask_for_reset", "begin_sign_in", "change_address", "change_password",
    "check_password", "close_account", "create_person", "describe_person", "reset_password", "revoke_all",
    "revoke_sign_in", "send_verification", "sign_up", "suspend", "verify",
]
