"""How fast the machine is just now: its neighbours slow it by a tenth and more from one minute to the next."""
import contextlib
import http.client
import threading
import time

from .fleet import Asker


class Gauge:
    """A server that no proxy knows of and that is always busy: what it did in some time tells what that time was worth."""

    def __init__(self, server, path):
        self.server = server
        self.asker = Asker(server, path)
        #: When each answer came.
        self.answers = []
        self.began = time.monotonic()
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.ask)

    def __enter__(self):
        self.thread.start()
        self.until(time.monotonic())
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()
        self.server.remove()

    def ask(self):
        while not self.over.is_set():
            with contextlib.suppress(OSError, http.client.HTTPException):
                self.answers.append(self.asker.answer())

    def work(self, start, end):
        """Answers between two moments, with the parts of the first and the last one."""
        return self.until(end) - self.until(start)

    def until(self, moment):
        while not self.answers or self.answers[-1] <= moment:
            if not self.thread.is_alive() or time.monotonic() > moment + 30:
                raise SystemExit(f"the gauge, {self.server.address}, does not answer: the speed of the machine is not known")
            time.sleep(0.1)
        number = next(n for n, answer in enumerate(self.answers) if answer > moment)
        last, following = self.answers[number - 1] if number else self.began, self.answers[number]
        return number + (moment - last) / (following - last)
