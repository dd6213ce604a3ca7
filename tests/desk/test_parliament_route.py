"""The approval route as rules: no path to 'sent' without every required step on the text that is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from lodestock.errors import InputError
from lodestock_desk.parliament import route
from lodestock_desk.parliament.route import File, Sender, Step
from lodestock_desk.parliament.succession import Link, chain, holders
from lodestock_desk.parliament.terms import add_months, next_due, rule_for
from lodestock_desk.parliament.words import How, State, StepKind

MINISTER, SECRETARY, BOSS = "minister", "secretary", "boss"
ROUTE = (
    Step("1", StepKind.COORDINATION, 1, "bz"),
    Step("2", StepKind.COORDINATION, 1, "def"),
    Step("3", StepKind.INITIALS, 2, BOSS),
    Step("4", StepKind.AGREEMENT, 3, SECRETARY),
    Step("5", StepKind.SIGNATURE, 4, MINISTER),
)
SENDERS = (Sender(MINISTER, How.SIGNS), Sender(SECRETARY, How.ON_BEHALF))


def _walk(file: File) -> File:
    for step in sorted(file.steps, key=lambda one: one.order):
        file = route.do(file, step.id)
    return file


def test_a_route_is_walked_in_order_and_side_by_side() -> None:
    file = route.submit(File(State.DRAFT, "a", ROUTE, SENDERS))
    assert [s.id for s in route.waiting(file)] == ["1", "2"]
    with pytest.raises(InputError):
        route.do(file, "3")
    file = route.do(route.do(file, "2"), "1")
    assert [s.id for s in route.waiting(file)] == ["3"]


def test_only_the_last_signature_makes_sending_possible() -> None:
    file = route.submit(File(State.DRAFT, "a", ROUTE, SENDERS))
    for step in "1234":
        file = route.do(file, step)
        with pytest.raises(InputError):
            route.send(file)
    assert route.send(route.do(file, "5")).state is State.SENT


def test_a_change_after_the_signature_undoes_all_steps() -> None:
    file, lapsed = route.change(_walk(route.submit(File(State.DRAFT, "a", ROUTE, SENDERS))), "b")
    assert [s.id for s in lapsed] == ["1", "2", "3", "4", "5"]
    assert not route.complete(file)
    back, _lapsed = route.change(file, "a")  # the very text that they approved
    assert route.complete(back)


def test_a_finding_that_stands_open_keeps_a_signed_piece_here() -> None:
    file = _walk(route.submit(File(State.DRAFT, "a", ROUTE, SENDERS)))
    with pytest.raises(InputError):
        route.send(replace(file, open=1))


def test_nobody_signs_while_a_finding_stands_open() -> None:
    file = replace(route.submit(File(State.DRAFT, "a", ROUTE, SENDERS)), open=1)
    for step in "1234":
        file = route.do(file, step)
    with pytest.raises(InputError):
        route.do(file, "5")
    assert route.complete(route.do(replace(file, open=0), "5"))


@pytest.mark.parametrize(
    ("steps", "senders", "part"),
    [
        ((), SENDERS, "Nobody signs"),
        (ROUTE[:4], SENDERS, "Nobody signs"),
        ((*ROUTE[:4], replace(ROUTE[4], order=1)), SENDERS, "after everything else"),
        (ROUTE, (*SENDERS, Sender("other", How.SIGNS)), "not the same"),
        ((*ROUTE[:3], ROUTE[4]), SENDERS, "agreement"),
        ((*ROUTE, replace(ROUTE[0], id="6")), SENDERS, "twice"),
    ],
)
def test_a_route_that_is_not_complete_is_refused(steps: tuple, senders: tuple, part: str) -> None:
    from django.utils import translation

    with translation.override("en"), pytest.raises(InputError, match=part):
        route.submit(File(State.DRAFT, "a", steps, senders))


class Walk(RuleBasedStateMachine):
    """Anyone does anything in any order; what was done on which text is kept apart and held against what was sent."""

    @initialize(
        kinds=st.lists(st.sampled_from(["coordination", "agreement", "initials"]), max_size=4),
        orders=st.lists(st.integers(1, 3), min_size=4, max_size=4),
        signers=st.integers(1, 2),
        joint=st.booleans(),
    )
    def begin(self, kinds: list[str], orders: list[int], signers: int, joint: bool) -> None:
        steps = [Step(f"s{i}", StepKind(k), orders[i], f"p{i}") for i, k in enumerate(kinds)]
        steps += [Step(f"m{i}", StepKind.SIGNATURE, 9 + i, f"m{i}") for i in range(signers)]
        senders = [Sender(f"m{i}", How.SIGNS) for i in range(signers)]
        senders += [Sender(s.party, How.ON_BEHALF) for s in steps if joint and s.kind is StepKind.AGREEMENT]
        self.file = File(State.DRAFT, "t0", tuple(steps), tuple(senders))
        self.texts, self.done, self.sent = 0, {}, ""  # done: (step, text) → how many done before it on that text

    def _try(self, what: object, *arguments: object) -> File | None:
        try:
            return what(self.file, *arguments)
        except InputError:
            return None

    @rule()
    def submit(self) -> None:
        self.file = self._try(route.submit) or self.file

    @rule(number=st.integers(0, 5), kind=st.sampled_from("sm"))
    def do(self, number: int, kind: str) -> None:
        if found := self._try(route.do, f"{kind}{number}"):
            self.done[f"{kind}{number}", self.file.text] = sum(1 for _s, text in self.done if text == self.file.text)
            self.file = found

    @rule(number=st.integers(0, 5), kind=st.sampled_from("sm"), why=st.sampled_from(["", "no", "not yet"]))
    def give_back(self, number: int, kind: str, why: str) -> None:
        if found := self._try(route.give_back, f"{kind}{number}", why):
            assert len(why) >= 3
            self.file = found

    @rule(old=st.booleans())
    def change(self, old: bool) -> None:
        self.texts += 1
        text = "t0" if old else f"t{self.texts}"
        if found := self._try(route.change, text):
            self.file = found[0]

    @rule(count=st.integers(0, 2))
    def find(self, count: int) -> None:
        if self.file.state in route.MUTABLE:
            self.file = replace(self.file, open=count)

    @rule()
    def send(self) -> None:
        if found := self._try(route.send):
            self.file, self.sent = found, found.text

    @rule()
    def publish(self) -> None:
        self.file = self._try(route.publish) or self.file

    @precondition(lambda self: self.texts > 6)
    @rule()
    def withdraw(self) -> None:
        self.file = self._try(route.withdraw, "a good reason") or self.file

    @invariant()
    def what_was_sent_had_every_step_on_its_text(self) -> None:
        if not self.sent:
            assert self.file.state not in (State.SENT, State.PUBLISHED)
            return
        assert self.file.text == self.sent and self.file.open == 0
        places = {step.id: self.done.get((step.id, self.sent)) for step in self.file.steps}
        assert None not in places.values()  # every step, on the text that was sent
        others = [place for step, place in places.items() if step.startswith("s")]
        assert all(places[s] > other for s in places if s.startswith("m") for other in others)  # signed last


Walk.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestWalk = Walk.TestCase


@given(st.permutations([s.id for s in ROUTE]))
def test_no_other_order_than_that_of_the_route_is_possible(order: list[str]) -> None:
    file = route.submit(File(State.DRAFT, "a", ROUTE, SENDERS))
    taken = []
    for step in order:
        try:
            file = route.do(file, step)
        except InputError:
            continue
        taken.append(next(s.order for s in ROUTE if s.id == step))
    assert taken == sorted(taken)


# offices: hand-worked chains
LINKS = (
    Link("ez", "ezk", date(2017, 10, 26)),
    Link("ezk", "ez2", date(2024, 7, 2)),
    Link("ezk", "kgg", date(2024, 7, 2)),
    Link("agri", "one", date(2025, 1, 1)),
    Link("nature", "one", date(2025, 1, 1)),
)


@pytest.mark.parametrize(
    ("office", "day", "now"),
    [
        ("ez", date(2016, 1, 1), ("ez",)),
        ("ez", date(2020, 1, 1), ("ezk",)),
        ("ez", date(2024, 7, 2), ("ez2", "kgg")),  # a split: a person says which of the two
        ("agri", date(2025, 6, 1), ("one",)),
        ("other", date(2025, 6, 1), ("other",)),
    ],
)
def test_who_answers_for_what_an_office_promised(office: str, day: date, now: tuple[str, ...]) -> None:
    assert holders(office, LINKS, day) == now


def test_a_merged_office_keeps_what_all_before_it_promised() -> None:
    assert set(chain("one", LINKS)) == {"one", "agri", "nature"}
    assert chain("kgg", LINKS) == ("kgg", "ezk", "ez")


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde"), st.dates()), max_size=12), st.dates())
def test_a_promise_is_never_lost_whatever_the_offices_do(rows: list[tuple[str, str, date]], day: date) -> None:
    links = [Link(old, new, on) for old, new, on in rows if old != new]
    assert holders("a", links, day)


# terms: three weeks and six, counted on a calendar by hand
def test_the_term_for_written_questions() -> None:
    found = rule_for("answers", date(2025, 5, 20))
    assert found is not None and found.source
    assert found.due(date(2025, 5, 20), delayed=False) == date(2025, 6, 10)
    assert found.due(date(2025, 5, 20), delayed=True) == date(2025, 7, 1)
    assert rule_for("letter", date(2025, 5, 20)) is None


def test_a_recurring_commitment_is_due_again() -> None:
    assert next_due(date(2025, 11, 30), "quarterly") == date(2026, 2, 28)
    assert next_due(date(2024, 2, 29), "yearly") == date(2025, 2, 28)
    assert next_due(date(2025, 1, 1), "once") is None
    assert add_months(date(2025, 12, 31), 2) == date(2026, 2, 28)
