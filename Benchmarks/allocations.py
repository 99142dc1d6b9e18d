#!/usr/bin/env python3
"""Heap allocations and instructions per steady keep-alive request, counted by callgrind.

A worker process runs under valgrind in front of an nginx; the same keep-alive connection carries N requests, then 2N.
What both runs share, start and warm-up, drops out of the difference.

    Benchmarks/allocations.py [--requests 2000] [--binary .build/release/bookend] [--budget]
"""
import argparse, json, os, pathlib, re, shutil, signal, socket, subprocess, sys, tempfile, time

ROOT = pathlib.Path(__file__).resolve().parent.parent
REQUEST = (b"GET /x HTTP/1.1\r\nHost: bookty.example\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\n"
           b"Accept-Encoding: gzip, br\r\nAccept-Language: en\r\nCookie: session=0123456789abcdef\r\n\r\n")


def nginx(folder):
    """An origin that answers from memory; gives its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in
                        ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"])
    (folder / "nginx.conf").write_text(f"""
        daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
        events {{ worker_connections 256; }}
        http {{ access_log off; keepalive_requests 1000000; {temporary}
          server {{ listen 127.0.0.1:{port}; location / {{ return 200 "hello\\n"; }} }} }}""")
    process = subprocess.Popen(["nginx", "-c", folder / "nginx.conf", "-e", folder / "error.log"])
    wait_for(lambda: socket.create_connection(("127.0.0.1", port), 1).close())
    return process, port


def wait_for(attempt, limit=60):
    end = time.monotonic() + limit
    while True:
        try:
            return attempt()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def worker(binary, folder, origin, out, tool):
    """A worker process with its descriptors as the supervisor passes them; gives its port."""
    text = f"listen: 127.0.0.1:8080\nworkers: 1\nstate: {folder}\nservers: {{ web-01: 127.0.0.1:{origin} }}\n"
    configuration = os.memfd_create("configuration", 0)
    os.write(configuration, text.encode())
    admin = socket.socket(socket.AF_UNIX)
    path = folder / f"admin-{time.monotonic_ns()}.sock"
    admin.bind(str(path))
    admin.listen()
    listener = socket.socket()
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    passed = [configuration, admin.fileno(), listener.fileno()]

    def place():
        moved = [os.dup2(number, 50 + index) for index, number in enumerate(passed)]
        for index, number in enumerate(moved):
            os.dup2(number, 3 + index)

    for one in (admin, listener):
        one.setblocking(False)
    # The worker tells its parent that it serves by SIGUSR1.
    signal.signal(signal.SIGUSR1, lambda *_: None)
    process = subprocess.Popen([*tool, f"--callgrind-out-file={out}", binary, "worker", "1", str(os.getpid())],
                               preexec_fn=place, close_fds=False, stderr=subprocess.DEVNULL)
    return process, listener.getsockname()[1]


def drive(port, requests):
    client = wait_for(lambda: socket.create_connection(("127.0.0.1", port), 60))
    client.settimeout(60)
    for _ in range(requests):
        client.sendall(REQUEST)
        answer = b""
        while not answer.endswith(b"hello\n"):
            part = client.recv(65536)
            if not part:
                sys.exit("the connection closed in the middle of the run")
            answer += part
    client.close()


def count(binary, folder, origin, requests, keep):
    out = (keep or folder) / f"callgrind-{requests}.out"
    tool = ["valgrind", "--tool=callgrind", "--separate-threads=no"]
    process, port = worker(binary, folder, origin, out, tool)
    drive(port, requests)
    process.send_signal(signal.SIGTERM)
    process.wait(120)
    listing = subprocess.run(["callgrind_annotate", "--threshold=100", "--inclusive=no", out],
                             capture_output=True, text=True, check=True).stdout
    instructions = int(re.search(r"([\d,]+) .*PROGRAM TOTALS", listing).group(1).replace(",", ""))
    names, calls, collecting = {}, 0, None
    for line in out.read_text(errors="replace").splitlines():
        if match := re.match(r"cfn=\((\d+)\)(?: (.*))?", line):
            if match.group(2):
                names[match.group(1)] = match.group(2)
            collecting = names.get(match.group(1), "")
        elif match := re.match(r"fn=\((\d+)\) (.*)", line):
            names[match.group(1)] = match.group(2)
        elif match := re.match(r"calls=(\d+)", line):
            if collecting in {"malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc", "memalign"}:
                calls += int(match.group(1))
    return instructions, calls


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--requests", type=int, default=2000)
    options.add_argument("--binary", default=str(ROOT / ".build/release/bookend"))
    options.add_argument("--limit", type=float, help="exit 1 when a request allocates more often than this")
    options.add_argument("--keep", type=pathlib.Path, help="a folder to leave callgrind's output in")
    options = options.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="bookend-allocations-"))
    server, origin = nginx(folder)
    # This valgrind stops at the debug information that Swift 6.3 writes; names are all that is needed.
    binary = folder / "bookend"
    subprocess.run(["strip", "--strip-debug", "-o", binary, options.binary], check=True)
    try:
        few = count(binary, folder, origin, options.requests, options.keep)
        many = count(binary, folder, origin, 2 * options.requests, options.keep)
    finally:
        server.terminate()
        server.wait(10)
        shutil.rmtree(folder, ignore_errors=True)
    result = {
        "requests": options.requests,
        "instructions_per_request": round((many[0] - few[0]) / options.requests),
        "allocations_per_request": round((many[1] - few[1]) / options.requests, 3),
    }
    print(json.dumps(result))
    if options.limit is not None and result["allocations_per_request"] > options.limit:
        sys.exit(f"a steady request allocates {result['allocations_per_request']} times; {options.limit} are allowed")


main()
