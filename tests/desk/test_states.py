"""The state machine: no path skips a reason, no step leaves the list, linking and merging name their other end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestock.errors import InputError
from lodestock_desk.signals.states import STEPS, State, check_step, next_states

STATES = st.sampled_from(list(State))


@given(STATES, STATES, st.text(max_size=5), st.booleans(), st.booleans())
def test_a_step_is_taken_exactly_when_the_rules_allow_it(
    before: State, to: State, reason: str, event: bool, into: bool
) -> None:
    allowed = (
        to in STEPS[before]
        and len(reason.strip()) >= 3
        and (to is not State.LINKED or event)
        and (to is not State.MERGED or into)
    )
    if allowed:
        assert check_step(before, to, reason, event=event, into=into) is to
    else:
        with pytest.raises(InputError):
            check_step(before, to, reason, event=event, into=into)


@given(st.lists(st.tuples(STATES, st.text(max_size=4)), max_size=30))
def test_every_walk_leaves_a_reason_for_each_step(wishes: list[tuple[State, str]]) -> None:
    state, history = State.NEW, []
    for to, reason in wishes:
        try:
            state = check_step(state, to, reason, event=True, into=True)
        except InputError:
            continue
        history.append((state, reason.strip()))
    assert all(len(reason) >= 3 for _state, reason in history)
    # nothing is verified, merged, rejected, linked or closed that was not looked at first
    assert not history or history[0][0] is State.UNDER_REVIEW


def test_a_signal_is_closed_only_after_a_finding() -> None:
    before_closing = {state for state, after in STEPS.items() if State.CLOSED in after}
    assert before_closing == {State.LINKED, State.MERGED, State.REJECTED}


def test_every_state_can_be_reached_and_reopened() -> None:
    seen, todo = {State.NEW}, [State.NEW]
    while todo:
        for state in next_states(todo.pop()):
            if state not in seen:
                seen.add(state)
                todo.append(state)
    assert seen == set(State)
    assert all(State.UNDER_REVIEW in next_states(state) for state in State if state not in (State.UNDER_REVIEW,))


@pytest.mark.parametrize("to", ["", "open", "VERIFIED", "new'; --"])
def test_what_is_no_state_is_refused(to: str) -> None:
    with pytest.raises(InputError):
        check_step(State.NEW, to, "a reason")
