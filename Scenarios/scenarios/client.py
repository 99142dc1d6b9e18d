"""An open-loop client that remembers every request: when it was due, how long it took, who answered."""
import asyncio
import collections
import dataclasses
import random
import time


@dataclasses.dataclass
class Request:
    due: float  # seconds, of the monotonic clock
    method: str
    address: str = "127.0.0.1"  # the client's
    done: float = 0.0
    status: int = 0  # 0: no whole answer
    server: str = ""
    tries: int = 0
    again: int = 0  # more tries that it may take

    @property
    def took(self):
        return self.done - self.due

    @property
    def failed(self):
        return self.status == 0 or self.status >= 500


class Connection(asyncio.Protocol):
    """One keep-alive connection, one request at a time. Answers have a length; bodies are thrown away."""

    def __init__(self, client, address):
        self.client = client
        self.idle = client.idle[address]
        self.request = None
        self.data = b""
        self.left = None

    def connection_made(self, transport):
        self.transport = transport

    def send(self, request, head):
        self.request, self.data, self.left = request, b"", None
        self.transport.write(head)

    def data_received(self, data):
        if self.request is None:
            return
        if self.left is None:
            self.data += data
            head, end, rest = self.data.partition(b"\r\n\r\n")
            if not end:
                return
            self.request.status = int(head[9:12])
            self.left = 0
            for line in head.split(b"\r\n")[1:]:
                name, _, value = line.partition(b":")
                name = name.lower()
                if name == b"content-length":
                    self.left = int(value)
                elif name == b"server-name":
                    self.request.server = value.strip().decode()
            data = rest
        self.left -= len(data)
        if self.left <= 0:
            request, self.request = self.request, None
            self.client.ended(request)
            self.idle.append(self)

    def connection_lost(self, _):
        if self in self.idle:
            self.idle.remove(self)
        if self.request:
            request, self.request = self.request, None
            request.status = 0
            self.client.ended(request)


class Client:
    """`rate` requests a second to one port, a number or a function of the seconds since the beginning; `post` of a hundred by
    POST, which no proxy may repeat. Whoever got no good answer within `patience` seconds leaves and asks again, `again` times.
    A `crowd` is of so many clients with an address each, who know nothing of each other: their requests come at random
    (Poisson), at the same times in every run. One client's come evenly."""

    def __init__(self, port, rate, path="/api/books/1", post=0, most=2_000, patience=None, again=0, crowd=0):
        self.port, self.path, self.post, self.most = port, path, post, most
        self.rate = rate if callable(rate) else lambda _: rate
        self.patience, self.again = patience, again
        self.crowd, self.random = crowd, random.Random(1)
        self.requests = []
        self.sent = 0
        self.began = 0.0
        #: Set by whoever has seen enough.
        self.over = False
        self.idle = collections.defaultdict(collections.deque)
        self.open = 0

    def ended(self, request):
        if request.done:
            return
        if request.failed and request.again > 0:
            request.again -= 1
            self.launch(request)
            return
        request.done = time.monotonic()
        self.open -= 1

    def launch(self, request):
        self.sent += 1
        request.status, request.tries = 0, request.tries + 1
        task = asyncio.ensure_future(self.one(request))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def give_up(self, request, connection, tries):
        await asyncio.sleep(self.patience)
        # Still the same attempt.
        if connection.request is request and request.tries == tries:
            connection.transport.abort()

    async def one(self, request):
        head = f"{request.method} {self.path} HTTP/1.1\r\nHost: bookty.example\r\nAccept: application/json\r\n"
        if request.method == "POST":
            head += "Content-Length: 2\r\nContent-Type: application/json\r\n"
        head = head.encode() + b"\r\n" + (b"{}" if request.method == "POST" else b"")
        idle = self.idle[request.address]
        while idle:
            connection = idle.pop()
            if not connection.transport.is_closing():
                return self.ask(connection, request, head)
        try:
            loop = asyncio.get_running_loop()
            _, connection = await loop.create_connection(
                lambda: Connection(self, request.address), "127.0.0.1", self.port, local_addr=(request.address, 0))
            self.ask(connection, request, head)
        except OSError:
            self.ended(request)

    def ask(self, connection, request, head):
        connection.send(request, head)
        if self.patience:
            task = asyncio.ensure_future(self.give_up(request, connection, request.tries))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    def address(self):
        return f"127.1.{self.random.randrange(self.crowd)}.1" if self.crowd else "127.0.0.1"

    def pause(self):
        """Between two requests, times their mean."""
        return self.random.expovariate(1) if self.crowd else 1

    async def run(self, seconds, patience=12):
        """Sends for `seconds`, then waits for what is under way."""
        self.began = began = time.monotonic()
        self.tasks = set()
        due, number = began, 0
        while due < began + seconds and not self.over:
            while (wait := due - time.monotonic()) > 0:
                await asyncio.sleep(wait)
            request = Request(due, "POST" if number % 100 < self.post else "GET", self.address(), again=self.again)
            self.requests.append(request)
            due, number = due + self.pause() / self.rate(due - began), number + 1
            if self.open >= self.most:
                request.done = time.monotonic()
                continue
            self.open += 1
            self.launch(request)
        end = time.monotonic() + patience
        while self.open > 0 and time.monotonic() < end:
            await asyncio.sleep(0.02)
        for request in self.requests:
            request.done = request.done or time.monotonic()
        for connection in [one for idle in self.idle.values() for one in idle]:
            connection.transport.abort()


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")
