"""Programs as children: pinned to cores, measured together with their own children, and ended by their ids."""
import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Program:
    """A program and whatever it starts."""

    def __init__(self, command, cores, log, environment=None):
        self.log = log
        pinned = ["taskset", "--cpu-list", cores, *map(str, command)]
        with open(log, "wb") as output:
            self.process = subprocess.Popen(
                pinned, stdout=output, stderr=output, stdin=subprocess.DEVNULL, start_new_session=True,
                env={**os.environ, **(environment or {})})

    def listens(self, port, limit=20):
        end = time.monotonic() + limit
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return
            time.sleep(0.05)
        raise SystemExit(f"{self.process.args[3]} does not listen on port {port}:\n{self.log.read_text()[-2000:]}")

    def ids(self):
        """Its own id and those of all processes below it."""
        parents = {}
        for entry in pathlib.Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                parents.setdefault(int(entry.read_text().rpartition(")")[2].split()[1]), []).append(int(entry.parent.name))
        found = [self.process.pid]
        for one in found:
            found += parents.get(one, [])
        return found

    def cpu(self):
        """CPU time so far in µs, user and kernel. The total is the scheduler's, in nanoseconds (/proc/PID/task/*/schedstat);
        how it divides is estimated by the kernel's clock ticks (/proc/PID/stat), good to some percent over seconds."""
        total = user = kernel = 0
        for one in self.ids():
            with contextlib.suppress(OSError):
                fields = pathlib.Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
                user += int(fields[11])
                kernel += int(fields[12])
                for task in pathlib.Path(f"/proc/{one}/task").glob("*/schedstat"):
                    total += int(task.read_text().split()[0])
        return total / 1000, user, kernel

    def memory(self):
        """Bytes of all its processes together: proportional set, private, and the resident peak of each added up."""
        sums = {"Pss": 0, "Private_Clean": 0, "Private_Dirty": 0}
        peak = 0
        for one in self.ids():
            with contextlib.suppress(OSError):
                for line in pathlib.Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
                    name, _, rest = line.partition(":")
                    if name in sums:
                        sums[name] += int(rest.split()[0]) * 1024
                for line in pathlib.Path(f"/proc/{one}/status").read_text().splitlines():
                    if line.startswith("VmHWM"):
                        peak += int(line.split()[1]) * 1024
        return {"pss": sums["Pss"], "private": sums["Private_Clean"] + sums["Private_Dirty"], "peak": peak}

    def end(self):
        """Asks the process and, if that takes too long, ends the session that was made for it."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(5)


class Bench:
    """A folder for configurations and logs, and all programs that run now; nothing is left when it ends."""

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bookend-bench-"))
        self.folder.chmod(0o755)  # nginx as root reads files as another user
        self.running = []
        return self

    def start(self, name, command, cores, environment=None):
        program = Program(command, cores, self.folder / f"{name}.log", environment)
        self.running.append(program)
        return program

    def end(self, program):
        self.running.remove(program)
        program.end()

    def __exit__(self, *_):
        for program in self.running:
            program.end()
        shutil.rmtree(self.folder, ignore_errors=True)
