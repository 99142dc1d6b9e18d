"""What each proxy is given: the health checks, retries and protections that its documentation offers."""
from bench.peers import BIN, envoy_program

#: The Bookend to test; set by the command line.
bookend_binary = None

#: How many posters Bookty works on at a time with the best result, of 1, 2 and 3: what HAProxy with `maxconn` is told, and nobody else.
HELD = 1


def lines(fleet, form):
    return "\n".join(form.format(name=server.name, host=server.host, port=server.port) for server in fleet.servers)


def bookend_server(server, held):
    held = f", max-in-flight: {held}" if held else ""
    recycle = f", recycle: {{ command: [{', '.join(map(str, server.hook))}] }}" if server.hook else ""
    return f'      {server.name}: {{ address: "{server.host}:{server.port}"{held}{recycle} }}'


def bookend(folder, port, fleet, balance, admission=""):
    if not fleet.limiter:
        admission = "    admission: { limiter: off }"
    if fleet.slow_start:
        admission += f"\n    slow-start: {fleet.slow_start}"
    servers = "\n".join(bookend_server(server, fleet.held) for server in fleet.servers)
    alerts = f"alerts: [{{ webhook: {fleet.pager} }}]" if fleet.pager else ""
    (folder / "bookend.yaml").write_text(f"""
state: {fleet.state or folder}/state
admin: {{ socket: {folder}/admin.sock }}
access-log: {{ path: {fleet.logs or folder}/access.log, format: json }}
{alerts}
listeners:
  - bind: 127.0.0.1:{port}
    pool: bookty
    limits: {{ connections-per-client: 10000 }}
pools:
  bookty:
    balance: {"headroom" if balance == "least" else "round-robin"}
    health: {{ path: /healthz }}
{admission}
    servers:
{servers}
""")
    return [bookend_binary, "run", folder / "bookend.yaml"]


def bookend_memory(folder, port, fleet, balance):
    """What bounds the requests is what the agents report of their memory, and nothing else."""
    return bookend(folder, port, fleet, balance, "    admission: { limiter: off }")


def haproxy(folder, port, fleet, balance, held=""):
    held = held or (f" maxconn {fleet.held}" if fleet.held else "")
    servers = lines(fleet, "  server {name} {host}:{port}" + held)
    (folder / "haproxy.cfg").write_text(f"""
global
  log stdout format raw local0 notice
  stats socket {folder}/haproxy.sock mode 600 level admin
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
  default-server check inter 250ms fastinter 100ms fall 3 rise 2 observe layer7 error-limit 5 on-error mark-down slowstart {fleet.slow_start or "10s"}
{servers}
""")
    return ["haproxy", "-db", "-f", folder / "haproxy.cfg"]


def haproxy_maxconn(folder, port, fleet, balance):
    return haproxy(folder, port, fleet, balance, held=f" maxconn {HELD}")


def nginx(folder, port, fleet, balance, upstream="max_fails=3 fail_timeout=10s", next_upstream="error timeout"):
    temporary = "".join(f"{kind}_temp_path {folder}/{kind}; " for kind in
                        ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    servers = lines(fleet, f"server {{host}}:{{port}} {upstream};")
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
    """Neither health checks nor retries nor limits, so that the fault shows."""
    return nginx(folder, port, fleet, balance, upstream="max_fails=0", next_upstream="off")


def envoy(folder, port, fleet, balance):
    """With adaptive concurrency in the settings of its documentation, active checks, outlier detection and retries."""
    endpoints = lines(fleet, "        - endpoint: {{ address: {{ socket_address: {{ address: {host}, port_value: {port} }} }} }}")
    kinds = "type.googleapis.com/envoy.extensions.filters"
    (folder / "envoy.yaml").write_text(f"""
static_resources:
  listeners:
  - address: {{ socket_address: {{ address: 127.0.0.1, port_value: {port} }} }}
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": {kinds}.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: clients
          http_filters:
          - name: envoy.filters.http.adaptive_concurrency
            typed_config:
              "@type": {kinds}.http.adaptive_concurrency.v3.AdaptiveConcurrency
              gradient_controller_config:
                sample_aggregate_percentile: {{ value: 90 }}
                concurrency_limit_params: {{ concurrency_update_interval: 0.1s }}
                min_rtt_calc_params: {{ jitter: {{ value: 10 }}, interval: 60s, request_count: 50 }}
              enabled: {{ default_value: true, runtime_key: adaptive_concurrency.enabled }}
          - name: envoy.filters.http.router
            typed_config: {{ "@type": {kinds}.http.router.v3.Router }}
          route_config:
            virtual_hosts:
            - name: all
              domains: ["*"]
              routes:
              - match: {{ prefix: "/" }}
                route:
                  cluster: servers
                  timeout: 30s
                  retry_policy: {{ retry_on: "connect-failure,reset-before-request", num_retries: 2 }}
  clusters:
  - name: servers
    type: STATIC
    connect_timeout: 1s
    lb_policy: {"LEAST_REQUEST" if balance == "least" else "ROUND_ROBIN"}
    health_checks:
    - timeout: 1s
      interval: 0.25s
      unhealthy_threshold: 3
      healthy_threshold: 2
      http_health_check: {{ path: /healthz }}
    outlier_detection: {{ consecutive_5xx: 5 }}
    load_assignment:
      cluster_name: servers
      endpoints:
      - lb_endpoints:
{endpoints}
""")
    return [*envoy_program(), "--config-path", folder / "envoy.yaml", "--concurrency", "2", "--log-level", "error",
            "--base-id", port % 32768, "--disable-hot-restart"]


def caddy(folder, port, fleet, balance):
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
  reverse_proxy {" ".join(f"{server.host}:{server.port}" for server in fleet.servers)} {{
    lb_policy {"least_conn" if balance == "least" else "round_robin"}
    lb_retries 2
    health_uri /healthz
    health_interval 250ms
    health_timeout 1s
    fail_duration 10s
    max_fails 3
    transport http {{
      dial_timeout 1s
      response_header_timeout 30s
    }}
  }}
}}
""")
    return [BIN / "caddy", "run", "--config", folder / "Caddyfile", "--adapter", "caddyfile"]


#: By the name of a column.
MAKERS = {
    "bookend": bookend, "bookend memory": bookend_memory, "haproxy": haproxy, "haproxy maxconn": haproxy_maxconn, "nginx": nginx,
    "envoy": envoy, "caddy": caddy, "control": control,
}
