"""The proxies, each configured as its own documentation advises for a reverse proxy with keep-alive on both sides."""
import pathlib
import re
import resource
import shutil
import subprocess
import sys

from .processes import free_port

#: Descriptors that a process may have here; no proxy can take more connections than half of it.
DESCRIPTORS = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
CONNECTIONS = min(20_000, DESCRIPTORS // 2 - 32)
BIN = pathlib.Path(sys.executable).parent
#: The Bookend to measure; set by the command line.
binary = None


def bookend(folder, port, origin, workers, log, route="/"):
    (folder / "bookend.yaml").write_text(f"""
workers: {workers}
state: {folder}/state
admin: {{ socket: {folder}/admin.sock }}
access-log: {f"{{ path: {folder}/access.log, format: combined }}" if log else "off"}
listeners:
  - bind: 127.0.0.1:{port}
    routes: [{{ path: {route}, pool: p }}]
    limits: {{ connections-per-client: {CONNECTIONS} }}
    timeouts: {{ idle: 600s }}
pools:
  p: {{ servers: {{ origin: 127.0.0.1:{origin} }} }}
""")
    return [binary, "run", folder / "bookend.yaml"]


def haproxy(folder, port, origin, workers, log):
    # It writes its log to its standard output, which is a file here; in the foreground it cannot write to another.
    (folder / "haproxy.cfg").write_text(f"""
global
  nbthread {workers}
  maxconn {CONNECTIONS - 32}
  {"log stdout format raw local0" if log else ""}
defaults
  mode http
  {"log global" if log else ""}
  {"option httplog" if log else ""}
  option forwardfor
  http-reuse always
  timeout connect 5s
  timeout client 600s
  timeout server 600s
  timeout http-keep-alive 600s
frontend clients
  bind 127.0.0.1:{port} backlog 4096
  default_backend servers
backend servers
  server origin 127.0.0.1:{origin} pool-max-conn -1
""")
    return ["haproxy", "-db", "-f", folder / "haproxy.cfg"]


def nginx(folder, port, origin, workers, log):
    temporary = "".join(f"{kind}_temp_path {folder}/{kind}; " for kind in
                        ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(f"""
daemon off; worker_processes {workers}; worker_rlimit_nofile {DESCRIPTORS}; pid {folder}/pid;
events {{ worker_connections {DESCRIPTORS - 64}; }}
http {{
  access_log {f"{folder}/access.log" if log else "off"}; keepalive_requests 1000000000; keepalive_timeout 600s;
  client_max_body_size 64m; {temporary}
  upstream servers {{ server 127.0.0.1:{origin}; keepalive 256; keepalive_requests 1000000000; }}
  server {{
    listen 127.0.0.1:{port} backlog=4096 {"reuseport" if workers > 1 else ""};
    location / {{
      proxy_pass http://servers; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header Host $http_host; proxy_set_header X-Real-IP $remote_addr;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; proxy_set_header X-Forwarded-Proto $scheme;
    }}
  }}
}}""")
    return ["nginx", "-c", folder / "nginx.conf", "-e", folder / "error.log"]


def envoy(folder, port, origin, workers, log):
    access = f"""
          access_log:
          - name: envoy.access_loggers.file
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
              path: {folder}/access.log""" if log else ""
    (folder / "envoy.yaml").write_text(f"""
static_resources:
  listeners:
  - address: {{ socket_address: {{ address: 127.0.0.1, port_value: {port} }} }}
    tcp_backlog_size: 4096
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: clients
          use_remote_address: true{access}
          http_filters:
          - name: envoy.filters.http.router
            typed_config: {{ "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }}
          route_config:
            virtual_hosts:
            - {{ name: all, domains: ["*"], routes: [{{ match: {{ prefix: "/" }}, route: {{ cluster: servers, timeout: 600s }} }}] }}
  clusters:
  - name: servers
    type: STATIC
    connect_timeout: 5s
    circuit_breakers: {{ thresholds: [{{ max_connections: 20000, max_pending_requests: 20000, max_requests: 20000 }}] }}
    load_assignment:
      cluster_name: servers
      endpoints: [{{ lb_endpoints: [{{ endpoint: {{ address: {{ socket_address: {{ address: 127.0.0.1, port_value: {origin} }} }} }} }}] }}]
""")
    return [*envoy_program(), "--config-path", folder / "envoy.yaml", "--concurrency", workers, "--log-level", "error",
            "--base-id", port % 32768, "--disable-hot-restart"]


def envoy_program():
    """The wheel's own program; its launcher in `bin` is a Python script that would be measured too."""
    return [next(BIN.parent.glob("lib/python*/site-packages/envoy/_bin/envoy"), "envoy")]


def caddy(folder, port, origin, workers, log):
    access = f"""  log {{
    output file {folder}/access.log
  }}""" if log else ""
    (folder / "Caddyfile").write_text(f"""
{{
  admin off
  auto_https off
  persist_config off
  log {{
    level ERROR
  }}
}}
http://:{port} {{
  bind 127.0.0.1
{access}
  reverse_proxy 127.0.0.1:{origin} {{
    transport http {{
      keepalive_idle_conns 256
      keepalive_idle_conns_per_host 256
    }}
  }}
}}
""")
    return [BIN / "caddy", "run", "--config", folder / "Caddyfile", "--adapter", "caddyfile"]


ALL = {"bookend": bookend, "haproxy": haproxy, "nginx": nginx, "envoy": envoy, "caddy": caddy}


def start(bench, name, origin, cores, workers=1, log=False, **options):
    """Runs a proxy with that many workers; gives the program and its port."""
    port = free_port()
    folder = bench.folder / f"{name}-{port}"
    folder.mkdir()
    command = ALL[name](folder, port, origin, workers, log, **options)
    program = bench.start(folder.name, command, cores, {"GOMAXPROCS": str(workers)})
    program.listens(port)
    return program, port


def versions():
    """What each says of itself; None when it is not installed."""
    questions = {
        "bookend": [binary, "--version"], "haproxy": ["haproxy", "-v"], "nginx": ["nginx", "-v"],
        "envoy": [*envoy_program(), "--version"], "caddy": [BIN / "caddy", "version"],
    }
    answers = {}
    for name, command in questions.items():
        if shutil.which(str(command[0])) is None:
            answers[name] = None
            continue
        answer = subprocess.run(command, capture_output=True, text=True, timeout=30)
        answers[name] = re.search(r"\d+\.\d+\.\d+\S*?(?=[/\s]|$)", answer.stdout + answer.stderr)[0]
    return answers
