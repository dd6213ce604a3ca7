"""Many runs as one: parts with seeds of their own, run anywhere, kept as they finish, taken up again where they
stopped.

A part is a name, a payload and a function of the payload. Its result depends on nothing else, so it is the same on one
worker or sixteen, in any order. Each finished part is one file, put in place in one step: a part is there or it is not,
and none is counted twice. Randomness comes from seeds by (material, scenario, purpose).
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import pickle
import signal
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from scipy.stats import qmc

from lodestock.errors import InputError, LodestockError

Arrays = Mapping[str, npt.NDArray[Any]]
Work = Callable[[Any], Arrays]
_MANIFEST = "ensemble.json"


def seed_for(master: int, material: str, scenario: int, purpose: str) -> np.random.SeedSequence:
    """The seed of one use of chance. Names are hashed (BLAKE2b), so seeds do not depend on order, run or machine."""
    words = [master, scenario]
    for name in (material, purpose):
        digest = hashlib.blake2b(name.encode(), digest_size=16).digest()
        words += [int.from_bytes(digest[n : n + 4], "little") for n in range(0, 16, 4)]
    return np.random.SeedSequence(words)


def generator(master: int, material: str, scenario: int, purpose: str) -> np.random.Generator:
    """A generator with the seed of `seed_for`."""
    return np.random.Generator(np.random.PCG64(seed_for(master, material, scenario, purpose)))


def parameter_points(count: int, dimensions: int, master: int, material: str, purpose: str) -> npt.NDArray[np.float64]:
    """Scrambled Sobol points [count, dimensions] strictly inside (0, 1) (Owen 1998, doi:10.1006/jcom.1998.0487)."""
    sampler = qmc.Sobol(dimensions, scramble=True, rng=generator(master, material, 0, purpose))
    whole = 1 << max(count - 1, 0).bit_length()  # only whole powers of two are balanced
    points: npt.NDArray[np.float64] = sampler.random(whole)[:count]
    return np.clip(points, 1e-12, 1.0 - 1e-12)


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of an ensemble. id: unique and stable, such as 'gallium/0'; payload: anything that can be pickled."""

    id: str
    payload: Any


@dataclass(frozen=True, slots=True)
class Progress:
    """done, total: parts; elapsed [s]; remaining [s]: by the pace of this run so far, None before the first part."""

    done: int
    total: int
    elapsed: float
    remaining: float | None


class CancelledError(LodestockError):
    """The user stopped the run; finished parts are kept."""


class PartError(LodestockError):
    """A part failed."""


class Engine(Protocol):
    """Where parts run. Yields (id, result) in any order, each part once; None when nothing finished for a while."""

    def run(self, work: Work, parts: Sequence[Part]) -> Iterator[tuple[str, Arrays] | None]:
        """Run the parts."""
        ...


def call(work: Work, payload: Any) -> dict[str, npt.NDArray[Any]]:
    """What a worker does: aligned arrays in, arrays out. Data that came over a network may not be aligned."""
    if isinstance(payload, Mapping):
        payload = {k: np.require(v, requirements="A") if isinstance(v, np.ndarray) else v for k, v in payload.items()}
    return {name: np.require(array, requirements="A") for name, array in work(payload).items()}


class SerialEngine:
    """Parts one after the other in this process."""

    def run(self, work: Work, parts: Sequence[Part]) -> Iterator[tuple[str, Arrays] | None]:
        """Run the parts."""
        for part in parts:
            yield part.id, _attempt(part.id, lambda part=part: call(work, part.payload))  # type: ignore[misc]


@dataclass(frozen=True, slots=True)
class ProcessEngine:
    """Parts in processes of this machine. A worker that dies has its part run again, `tries` times at most."""

    workers: int
    tries: int = 3
    poll: float = 0.5

    def run(self, work: Work, parts: Sequence[Part]) -> Iterator[tuple[str, Arrays] | None]:
        """Run the parts."""
        if self.workers < 1:
            raise InputError("an ensemble needs one worker or more", why=str(self.workers))
        waiting = {part.id: part for part in parts}
        deaths = 0
        while waiting:
            try:
                for item in self._pool(work, list(waiting.values())):
                    yield item
                    if item is not None:
                        del waiting[item[0]]
            except BrokenProcessPool:
                deaths += 1
                if deaths >= self.tries:
                    raise PartError(
                        "workers keep dying",
                        where=f"parts {', '.join(list(waiting)[:5])}",
                        why=f"{deaths} times; memory is the usual cause",
                        mend="use fewer workers or fewer scenarios per part",
                    ) from None

    def _pool(self, work: Work, parts: Sequence[Part]) -> Iterator[tuple[str, Arrays] | None]:
        # spawned, not forked: a fork would copy locks and thread pools of numerical libraries in any state
        context = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(
            self.workers, mp_context=context, initializer=_start_worker, initargs=(self.workers,)
        )
        try:
            running: dict[Future[dict[str, npt.NDArray[Any]]], str] = {
                pool.submit(call, work, part.payload): part.id for part in parts
            }
            while running:
                done, _ = wait(running, timeout=self.poll, return_when=FIRST_COMPLETED)
                if not done:
                    yield None
                for future in done:
                    name = running.pop(future)
                    yield name, _attempt(name, future.result)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _start_worker(workers: int) -> None:
    """Workers share the cores, and leave Ctrl-C to the process that started them, which keeps what is finished."""
    os.environ.setdefault("NUMBA_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // workers)))
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _attempt(name: str, task: Callable[[], Arrays]) -> Arrays:
    """A result, or an error that names its part; errors that users can mend pass as they are."""
    try:
        return task()
    except (LodestockError, BrokenProcessPool):
        raise
    except Exception as error:
        raise PartError(f"part '{name}' failed", where=name, why=f"{type(error).__name__}: {error}") from error


def run_parts(
    work: Work,
    parts: Sequence[Part],
    folder: str | Path,
    *,
    engine: Engine | None = None,
    resume: bool = False,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> dict[str, Path]:
    """Runs every part and keeps its result in `folder`; returns the file of each part, in the order of the parts.

    resume: take finished parts from the folder; without it the folder must be new or empty. A folder of another
    ensemble – other parts, payloads or work – is refused. Raises CancelledError when `cancelled` says so.
    """
    names = [part.id for part in parts]
    if len(set(names)) != len(names) or not names:
        raise InputError("an ensemble needs parts with names of their own")
    place = Path(folder)
    prints = {part.id: fingerprint(work, part) for part in parts}
    _open_folder(place, prints, resume)
    files = {name: place / f"{prints[name]}.npz" for name in names}
    todo = [part for part in parts if not _is_whole(files[part.id])]
    began, total, done = time.monotonic(), len(parts), len(parts) - len(todo)
    _tell(progress, done, total, began, 0)
    stream = (engine or SerialEngine()).run(work, todo) if todo else iter(())
    made = 0
    for item in stream:
        if item is not None:
            _keep(files[item[0]], item[1])
            made += 1
            _tell(progress, done + made, total, began, made)
        if cancelled is not None and done + made < total and cancelled():
            close = getattr(stream, "close", None)
            if close is not None:
                close()
            raise CancelledError(
                "the run was stopped", where=str(place.name), why=f"{done + made} of {total} parts are kept",
                mend="run it again with --resume",
            )  # fmt: skip
    return files


def read_part(file: Path) -> dict[str, npt.NDArray[Any]]:
    """The arrays of one finished part."""
    with np.load(file, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def fingerprint(work: Work, part: Part) -> str:
    """A name for (work, part) that changes when the function, the part's name or its payload changes."""
    digest = hashlib.blake2b(digest_size=16)
    digest.update(f"{work.__module__}.{getattr(work, '__qualname__', repr(work))}|{part.id}|".encode())
    digest.update(pickle.dumps(part.payload, protocol=5))
    return digest.hexdigest()


def _open_folder(place: Path, prints: Mapping[str, str], resume: bool) -> None:
    place.mkdir(parents=True, exist_ok=True)
    manifest = place / _MANIFEST
    if manifest.exists():
        if not resume:
            raise InputError(
                "the folder already holds an ensemble", where=place.name, mend="use --resume or a new folder"
            )
        try:
            stored = json.loads(manifest.read_text(encoding="utf-8"))
        except ValueError:
            raise InputError(
                "the ensemble's list of parts is damaged", where=manifest.name, mend="start anew"
            ) from None
        if stored != dict(prints):
            raise InputError(
                "the folder holds another ensemble", where=place.name, why="its parts or payloads differ",
                mend="use a new folder, or the scenario it was made with",
            )  # fmt: skip
    else:
        _write(manifest, json.dumps(dict(prints), indent=1).encode())


def _is_whole(file: Path) -> bool:
    """Whether a finished part can be read; a damaged file counts as not there and is made again."""
    try:
        with zipfile.ZipFile(file) as archive:
            return archive.testzip() is None
    except (OSError, zipfile.BadZipFile):
        return False


def _keep(file: Path, arrays: Arrays) -> None:
    handle, temporary = tempfile.mkstemp(dir=file.parent, suffix=".part")
    with os.fdopen(handle, "wb") as out:
        np.savez(out, allow_pickle=False, **dict(arrays))
        out.flush()
        os.fsync(out.fileno())
    Path(temporary).replace(file)


def _write(file: Path, content: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=file.parent, suffix=".part")
    with os.fdopen(handle, "wb") as out:
        out.write(content)
    Path(temporary).replace(file)


def _tell(progress: Callable[[Progress], None] | None, done: int, total: int, began: float, made: int) -> None:
    if progress is None:
        return
    elapsed = time.monotonic() - began
    progress(Progress(done, total, elapsed, elapsed / made * (total - done) if made else None))
