"""A small disk of its own, which a scenario fills up and takes away the right to write from."""
import contextlib
import errno
import os
import pathlib
import subprocess
import tempfile
import threading
import time


class SmallDisk:
    """A file system in memory (tmpfs) of some MiB, mounted in a folder that nobody else uses, and gone when the scenario ends."""

    #: Bytes. Bookend's file with its log of changes has some hundred KiB after a start.
    size = 4 << 20

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bookend-disk-"))
        self.folder.chmod(0o755)
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={self.size},mode=755", "bookend", self.folder], capture_output=True, text=True, timeout=10)
        if done.returncode != 0:
            self.folder.rmdir()
            raise SystemExit(f"no small disk can be mounted, for which root and CAP_SYS_ADMIN are needed: {done.stderr.strip()}")
        self.filler = None
        #: Writes of somebody else that were refused for want of room (ENOSPC), and those refused because nobody may write (EROFS).
        self.refused = {errno.ENOSPC: 0, errno.EROFS: 0}
        return self

    def __exit__(self, *_):
        self.stop()
        end = time.monotonic() + 10
        # Whoever had files open there may take a moment to end.
        while subprocess.run(["umount", self.folder], capture_output=True, timeout=10).returncode != 0:
            if time.monotonic() > end:
                subprocess.run(["umount", "--lazy", self.folder], check=True, capture_output=True, timeout=10)
                break
            time.sleep(0.1)
        self.folder.rmdir()

    def fill(self):
        """Takes all the room there is, and from then on whatever becomes free, until `empty`."""
        self.over = threading.Event()
        self.filler = threading.Thread(target=self.keep_full, daemon=True)
        self.filler.start()
        self.seen(errno.ENOSPC)

    def keep_full(self):
        while not self.over.is_set():
            try:
                with open(self.folder / "filler", "ab", buffering=0) as file:
                    while not self.over.is_set():
                        file.write(bytes(4096))
            except OSError as error:
                if error.errno not in self.refused:
                    raise
                self.refused[error.errno] += 1
            self.over.wait(0.02)

    def seen(self, number):
        """Returns when another write was refused for that reason."""
        before, end = self.refused[number], time.monotonic() + 10
        while self.refused[number] == before:
            if time.monotonic() > end:
                raise SystemExit(f"the small disk refuses nothing with {errno.errorcode[number]}: nothing is proven")
            time.sleep(0.01)

    def mount_again(self, how):
        """`ro` or `rw`. A disk that somebody has open for writing does not become `ro`: then asked again."""
        end = time.monotonic() + 15
        while (done := subprocess.run(["mount", "-o", f"remount,{how}", self.folder], capture_output=True, text=True, timeout=10)).returncode:
            if time.monotonic() > end:
                raise SystemExit(f"the small disk cannot be mounted {how}: {done.stderr.strip()}")
            time.sleep(0.005)

    def free(self):
        """Bytes."""
        facts = os.statvfs(self.folder)
        return facts.f_bavail * facts.f_frsize

    def used(self, name):
        """Bytes of a file."""
        return (self.folder / name).stat().st_size

    def stop(self):
        if self.filler:
            self.over.set()
            self.filler.join(5)
            self.filler = None

    def empty(self):
        """There is room again."""
        self.stop()
        with contextlib.suppress(FileNotFoundError):
            (self.folder / "filler").unlink()
