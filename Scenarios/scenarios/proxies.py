"""The proxies in front of the fleet, each with the health checks and retries that its documentation offers."""
import datetime
import json

from bench.processes import free_port

#: The Bookend to test; set by the command line.
bookend_binary = None

#: What each is given; the control has neither health checks nor retries, so that the fault shows.
NAMES = ("bookend", "haproxy", "haproxy maxconn", "nginx", "control")

#: Requests that a server holds: what HAProxy with `maxconn` is told, and nobody else.
HELD = 4


def lines(fleet, form):
    return "\n".join(form.format(name=server.name, address=server.address) for server in fleet.servers)


def bookend(folder, port, fleet, balance):
    servers = lines(fleet, '      {name}: "{address}"')
    (folder / "bookend.yaml").write_text(f"""
state: {folder}/state
admin: {{ socket: {folder}/admin.sock }}
access-log: {{ path: {folder}/access.log, format: json }}
listeners:
  - bind: 127.0.0.1:{port}
    pool: bookty
    limits: {{ connections-per-client: 10000 }}
pools:
  bookty:
    balance: {"headroom" if balance == "least" else "round-robin"}
    health: {{ path: /healthz }}
    servers:
{servers}
""")
    return [bookend_binary, "run", folder / "bookend.yaml"]


def haproxy(folder, port, fleet, balance, held=""):
    servers = lines(fleet, "  server {name} {address}" + held)
    (folder / "haproxy.cfg").write_text(f"""
global
  log stdout format raw local0 notice
defaults
  mode http
  log global
  timeout connect 1s
  timeout client 60s
  timeout server 30s
  timeout check 1s
  option redispatch 1
  retries 3
  retry-on conn-failure empty-response
frontend clients
  bind 127.0.0.1:{port}
  default_backend servers
backend servers
  balance {"leastconn" if balance == "least" else "roundrobin"}
  option httpchk GET /healthz
  http-reuse always
  default-server check inter 250ms fastinter 100ms fall 3 rise 2 observe layer7 error-limit 5 on-error mark-down slowstart 10s
{servers}
""")
    return ["haproxy", "-db", "-f", folder / "haproxy.cfg"]


def haproxy_maxconn(folder, port, fleet, balance):
    return haproxy(folder, port, fleet, balance, held=f" maxconn {HELD}")


def nginx(folder, port, fleet, balance, upstream="max_fails=3 fail_timeout=10s", next_upstream="error timeout"):
    temporary = "".join(f"{kind}_temp_path {folder}/{kind}; " for kind in
                        ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    servers = lines(fleet, f"server {{address}} {upstream};")
    (folder / "nginx.conf").write_text(f"""
daemon off; worker_processes 2; pid {folder}/pid;
events {{ worker_connections 8192; }}
http {{
  access_log off; {temporary} keepalive_requests 1000000000;
  upstream servers {{ zone servers 64k; {"least_conn;" if balance == "least" else ""} {servers} keepalive 64; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://servers; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_connect_timeout 1s; proxy_read_timeout 30s; proxy_next_upstream {next_upstream};
    }}
  }}
}}""")
    return ["nginx", "-c", folder / "nginx.conf", "-e", folder / "error.log"]


def control(folder, port, fleet, balance):
    return nginx(folder, port, fleet, balance, upstream="max_fails=0", next_upstream="off")


class Proxy:
    def __init__(self, bench, name, fleet, balance="round"):
        self.name = name
        self.folder = bench.folder / name.replace(" ", "-")
        self.folder.mkdir()
        self.folder.chmod(0o755)
        self.port = free_port()
        make = {
            "bookend": bookend, "haproxy": haproxy, "haproxy maxconn": haproxy_maxconn, "nginx": nginx,
            "control": control}[name]
        self.program = bench.start(name, make(self.folder, self.port, fleet, balance), "0-1")
        self.program.listens(self.port)

    def said(self):
        return self.program.log.read_text(errors="replace")

    def last_try(self, server):
        """When a request was last sent there, or tried to be; nil of proxies whose log does not name all that were tried."""
        if self.name != "bookend":
            return None
        for line in reversed((self.folder / "access.log").read_text().splitlines()):
            request = json.loads(line)
            if request.get("server") == server or any(one.startswith(server) for one in request.get("tried", [])):
                return datetime.datetime.fromisoformat(request["time"]).timestamp()

    def tries(self):
        """How often it sent, or tried to send, a request to a server; nil of proxies whose log does not say."""
        if self.name != "bookend":
            return None
        return sum(json.loads(line)["tries"] for line in (self.folder / "access.log").read_text().splitlines())

    def ejections(self):
        """How often it took a server for dead."""
        return sum(" is dead" in line or " is DOWN" in line for line in self.said().splitlines())
