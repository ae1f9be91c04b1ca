"""Every print and kick by its job id, on disk before the first byte goes to a printer.

The same id never prints twice: what is `done` or `unknown` stays so; only what certainly left no mark (`blocked`,
`failed`) may start again under its id. A job that was printing when the bridge died comes back as `unknown`.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any, Literal

from hardware.clock import now_text
from hardware.protocol import REASONS, Job, JobState
from hardware.storage import append_durably, private_folder, write_durably

KEPT = 2000
RESTARTABLE = ("blocked", "failed")
_JOB_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class JobConflict(ValueError):
    """The job id was used for something else."""


class Spool:
    """Jobs of all printers."""

    def __init__(self, folder: Path) -> None:
        self.folder = private_folder(folder)
        self.kick_log = folder / "kicks.jsonl"
        self.records: dict[str, dict[str, Any]] = {}
        paths = sorted(folder.glob("job-*.json"), key=lambda path: path.stat().st_mtime)
        for path in paths[:-KEPT]:
            path.unlink()
        for path in paths[-KEPT:]:
            record = json.loads(path.read_bytes())
            self.records[record["job"]["job_id"]] = record
        self._recover()

    def _recover(self) -> None:
        logged = {entry["job_id"] for entry in self.kicks()}
        for job_id, record in list(self.records.items()):
            kick = record["job"]["kind"] == "kick"
            if record["job"]["state"] == "printing":
                self.move(job_id, "unknown", "kick_unknown" if kick else "killed")
            elif record["job"]["state"] == "queued":
                self.move(job_id, *(("failed", "kick_failed") if kick else ("blocked", "restarted")))
            if kick and job_id not in logged and record["job"]["state"] in ("done", "unknown"):
                self.log_kick(self.job(job_id))  # the power went between the drawer and its line in the log

    def add(self, job_id: str, kind: Literal["print", "kick"], printer: str, content: str) -> tuple[Job, bool]:
        """Note a job that is to be done. Gives the job, and whether it has to start now.

        `content` tells one job from another; of a kick it is the reason, of a print only a digest is kept. Raises
        ValueError for an impossible id, `JobConflict` for one that was used for another content.
        """
        if not isinstance(job_id, str) or not _JOB_ID.fullmatch(job_id):
            raise ValueError("job_id must be 1 to 64 letters, digits, - or _")
        known = self.records.get(job_id)
        if known:
            if known["content"] != content:
                raise JobConflict(f"Job {job_id} was something else. Use a new id.")
            if known["job"]["state"] not in RESTARTABLE or kind == "kick":
                return self.job(job_id), False
        job: Job = {"job_id": job_id, "kind": kind, "state": "queued", "printer": printer, "at": now_text()}
        self.records[job_id] = {"content": content, "job": job}
        for old in list(self.records)[: -2 * KEPT]:
            del self.records[old]
        self._write(job_id)
        return self.job(job_id), True

    def move(self, job_id: str, state: JobState, code: str | None = None, **more: Any) -> Job:
        """Change a job's state, on disk first."""
        old = self.records[job_id]["job"]
        job: dict[str, Any] = {**{name: old[name] for name in ("job_id", "kind", "printer")}, "state": state}
        job["at"] = now_text()
        if code:
            job |= {"code": code, "reason": REASONS[code]}
        job |= {name: value for name, value in more.items() if value not in (None, [])}
        self.records[job_id]["job"] = job
        self._write(job_id)
        return self.job(job_id)

    def job(self, job_id: str) -> Job:
        """A copy of the job as it stands. Raises KeyError."""
        return dict(self.records[job_id]["job"])  # type: ignore[return-value]

    def counts(self) -> dict[str, int]:
        """Number of jobs by state."""
        states = [record["job"]["state"] for record in self.records.values()]
        return {state: states.count(state) for state in sorted(set(states))}

    def log_kick(self, job: Job) -> None:
        """Append a drawer opening to the log that is compared with the server's cash rows."""
        reason = self.records[job["job_id"]]["content"]
        entry = {"number": len(self._kick_lines()) + 1, "job_id": job["job_id"], "reason": reason}
        append_durably(self.kick_log, json.dumps(entry | {"state": job["state"], "at": job["at"]}).encode())

    def kicks(self, after: int = 0) -> list[dict[str, Any]]:
        """Drawer openings with a number above `after`, in order."""
        return [entry for line in self._kick_lines()[after:] if (entry := _parsed(line))]

    def _kick_lines(self) -> list[bytes]:
        return self.kick_log.read_bytes().splitlines() if self.kick_log.exists() else []

    def _write(self, job_id: str) -> None:
        name = hashlib.sha256(job_id.encode()).hexdigest()[:32]  # ids may differ by case only, file names may not
        write_durably(self.folder / f"job-{name}.json", json.dumps(self.records[job_id]).encode())


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        return json.loads(line)
    except ValueError:  # torn by a power cut
        return None
