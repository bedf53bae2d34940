"""Rows of a table carry the words of their columns, so that a phone can show each as a card."""

from markupsafe import Markup

from web.kit.stacking import stacked

HEAD = '<thead><tr><th scope="col">Name</th><th scope="col">SQL <span class="need">level 2</span></th>' \
       '<th scope="col"><span class="usa-sr-only">Next step</span></th></tr></thead>'


def test_each_cell_says_its_column() -> None:
    line = '<tbody><tr><th scope="row">Ana</th><td class="number">3</td><td>Go</td></tr></tbody>'
    rows = stacked(Markup(HEAD + line))
    assert '<td role="cell" data-label="SQL, level 2" class="number">3</td>' in rows
    assert '<td role="cell">Go</td>' in rows, "a column named only for screen readers shows no words"
    assert '<th role="rowheader" data-label="Name" scope="row">' in rows
    assert rows.count('role="columnheader"') == 3
    assert rows.count('role="row"') == 2


def test_a_head_over_two_columns_names_both_and_words_stay_escaped() -> None:
    rows = stacked(Markup('<thead><tr><th colspan="2">A &amp; "B"</th></tr></thead>'
                          '<tbody><tr><td>1</td><td>2</td></tr></tbody>'))
    assert rows.count('data-label="A &amp; &quot;B&quot;"') == 2
