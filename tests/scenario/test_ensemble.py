"""Ensembles: the same results anywhere, nothing lost, nothing twice, taken up where they stopped."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from lodestock.errors import InputError
from lodestock.scenario.ensemble import (
    CancelledError,
    Part,
    PartError,
    ProcessEngine,
    SerialEngine,
    generator,
    parameter_points,
    read_part,
    run_parts,
)

# workers import this module by its plain name
sys.path.insert(0, str(Path(__file__).parent))
from ensemble_work import always_dies, dies_once, fails, noise


def parts(count=6, **more):
    return [Part(f"m/{n}", {"material": "m", "scenario": n, "scale": np.array([2.0]), **more}) for n in range(count)]


def contents(files):
    return {name: read_part(file)["x"] for name, file in files.items()}


def same(one, two):
    return one.keys() == two.keys() and all((one[key] == two[key]).all() for key in one)


def test_workers_do_not_change_results(tmp_path):
    serial = contents(run_parts(noise, parts(), tmp_path / "a", engine=SerialEngine()))
    shared = contents(run_parts(noise, parts(), tmp_path / "b", engine=ProcessEngine(3)))
    assert same(serial, shared)
    assert list(shared) == [part.id for part in parts()]


def test_a_worker_that_dies_has_its_part_run_again(tmp_path):
    more = {"flag": str(tmp_path / "flag")}
    found = contents(run_parts(dies_once, parts(**more), tmp_path / "a", engine=ProcessEngine(2)))
    assert (tmp_path / "flag").exists()
    assert same(found, contents(run_parts(noise, parts(), tmp_path / "b")))
    with pytest.raises(PartError, match="keep dying"):
        run_parts(always_dies, parts(1), tmp_path / "c", engine=ProcessEngine(1, tries=2))


def test_cancel_and_resume(tmp_path):
    seen = []

    def stop():
        return len(seen) >= 3

    with pytest.raises(CancelledError, match="stopped"):
        run_parts(noise, parts(), tmp_path / "a", progress=lambda p: seen.append(p.done), cancelled=stop)
    kept = sorted((tmp_path / "a").glob("*.npz"))
    assert 0 < len(kept) < 6
    before = {file: file.stat().st_mtime_ns for file in kept}
    found = contents(run_parts(noise, parts(), tmp_path / "a", resume=True))
    assert {file: file.stat().st_mtime_ns for file in kept} == before  # finished parts are not run again
    assert same(found, contents(run_parts(noise, parts(), tmp_path / "b")))


def test_a_damaged_part_is_made_again(tmp_path):
    files = run_parts(noise, parts(), tmp_path / "a")
    whole = contents(files)
    victim = files["m/3"]
    victim.write_bytes(victim.read_bytes()[:100])
    assert same(contents(run_parts(noise, parts(), tmp_path / "a", resume=True)), whole)


def test_another_ensemble_is_refused(tmp_path):
    run_parts(noise, parts(), tmp_path / "a")
    with pytest.raises(InputError, match="already holds"):
        run_parts(noise, parts(), tmp_path / "a")
    with pytest.raises(InputError, match="another ensemble"):
        run_parts(noise, parts(7), tmp_path / "a", resume=True)
    with pytest.raises(InputError, match="names of their own"):
        run_parts(noise, [*parts(1), *parts(1)], tmp_path / "b")


def test_a_failure_names_its_part(tmp_path):
    for engine in (SerialEngine(), ProcessEngine(1)):
        with pytest.raises(PartError, match="part 'm/0' failed") as caught:
            run_parts(fails, parts(1), tmp_path / type(engine).__name__, engine=engine)
        assert "by hand" in caught.value.why


def test_progress_ends_at_all_parts_and_tells_the_time_left(tmp_path):
    seen = []
    run_parts(noise, parts(), tmp_path / "a", progress=seen.append)
    assert [p.done for p in seen] == list(range(7))
    assert seen[0].remaining is None
    assert seen[-1].remaining == 0.0


def test_seeds_are_stable_and_apart():
    one = generator(1, "gallium", 4, "outage").random(4)
    assert (one == generator(1, "gallium", 4, "outage").random(4)).all()
    others = [(2, "gallium", 4, "outage"), (1, "germanium", 4, "outage"), (1, "gallium", 5, "outage")]
    others.append((1, "gallium", 4, "regime"))
    for key in others:
        assert (one != generator(*key).random(4)).all()
    # the number itself is fixed: another machine, version or order must give the same
    assert generator(1, "gallium", 4, "outage").integers(0, 2**32) == STABLE


STABLE = 2058204207


def test_sobol_points_are_even_and_repeatable():
    points = parameter_points(1024, 3, 5, "cobalt", "ignorance")
    assert (points == parameter_points(1024, 3, 5, "cobalt", "ignorance")).all()
    assert (np.histogram(points[:, 1], 64, (0, 1))[0] == 16).all()
    assert abs(points.mean(axis=0) - 0.5).max() < 1e-3


@pytest.mark.slow
def test_a_cluster_that_loses_a_worker_gives_the_same(tmp_path):
    pytest.importorskip("distributed")
    from distributed import LocalCluster

    from lodestock.scenario.ensemble_dask import DaskEngine

    flag = {"flag": str(tmp_path / "flag")}
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        found = contents(
            run_parts(dies_once, parts(12, **flag), tmp_path / "a", engine=DaskEngine(cluster.scheduler_address))
        )
    assert (tmp_path / "flag").exists()  # a worker did die
    assert same(found, contents(run_parts(noise, parts(12), tmp_path / "b")))


@pytest.mark.slow
def test_a_hundred_parts_on_a_cluster(tmp_path):
    pytest.importorskip("distributed")
    from distributed import LocalCluster

    from lodestock.scenario.ensemble_dask import DaskEngine

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        files = run_parts(noise, parts(100), tmp_path / "a", engine=DaskEngine(cluster.scheduler_address))
    assert len(files) == 100
    assert same(contents(files), contents(run_parts(noise, parts(100), tmp_path / "b")))
