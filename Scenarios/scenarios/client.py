"""An open-loop client that remembers every request: when it was due, how long it took, who answered."""
import asyncio
import collections
import dataclasses
import time


@dataclasses.dataclass
class Request:
    due: float  # seconds, of the monotonic clock
    method: str
    done: float = 0.0
    status: int = 0  # 0: no whole answer
    server: str = ""

    @property
    def took(self):
        return self.done - self.due

    @property
    def failed(self):
        return self.status == 0 or self.status >= 500


class Connection(asyncio.Protocol):
    """One keep-alive connection, one request at a time. Answers have a length; bodies are thrown away."""

    def __init__(self, client):
        self.client = client
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
            self.client.idle.append(self)

    def connection_lost(self, _):
        if self in self.client.idle:
            self.client.idle.remove(self)
        if self.request:
            request, self.request = self.request, None
            request.status = 0
            self.client.ended(request)


class Client:
    """`rate` requests a second to one port; `post` of a hundred by POST, which no proxy may repeat."""

    def __init__(self, port, rate, path="/api/books/1", post=0, most=2_000):
        self.port, self.rate, self.path, self.post, self.most = port, rate, path, post, most
        self.requests = []
        self.idle = collections.deque()
        self.open = 0

    def ended(self, request):
        request.done = time.monotonic()
        self.open -= 1

    async def one(self, request):
        head = f"{request.method} {self.path} HTTP/1.1\r\nHost: bookty.example\r\nAccept: application/json\r\n"
        if request.method == "POST":
            head += "Content-Length: 2\r\nContent-Type: application/json\r\n"
        head = head.encode() + b"\r\n" + (b"{}" if request.method == "POST" else b"")
        while self.idle:
            connection = self.idle.pop()
            if not connection.transport.is_closing():
                return connection.send(request, head)
        try:
            loop = asyncio.get_running_loop()
            _, connection = await loop.create_connection(lambda: Connection(self), "127.0.0.1", self.port)
            connection.send(request, head)
        except OSError:
            self.ended(request)

    async def run(self, seconds, patience=12):
        """Sends for `seconds`, then waits for what is under way."""
        began = time.monotonic()
        tasks = set()
        for number in range(int(seconds * self.rate)):
            due = began + number / self.rate
            while (wait := due - time.monotonic()) > 0:
                await asyncio.sleep(wait)
            request = Request(due, "POST" if number % 100 < self.post else "GET")
            self.requests.append(request)
            if self.open >= self.most:
                request.done = time.monotonic()
                continue
            self.open += 1
            task = asyncio.ensure_future(self.one(request))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        end = time.monotonic() + patience
        while self.open > 0 and time.monotonic() < end:
            await asyncio.sleep(0.02)
        for request in self.requests:
            request.done = request.done or time.monotonic()
        for connection in list(self.idle):
            connection.transport.abort()


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")
