"""The server behind all proxies: one nginx worker that answers from memory, or with a file by sendfile."""
from .processes import free_port

SIZES = {"small": 6, "1k": 1024, "64k": 65536, "1m": 1 << 20}


def start(bench, cores):
    port = free_port()
    folder = bench.folder / "origin"
    files = folder / "files"
    files.mkdir(parents=True)
    for name, size in SIZES.items():
        (files / name).write_bytes(b"b" * size)
    temporary = "".join(f"{kind}_temp_path {folder}/{kind}; " for kind in
                        ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(f"""
daemon off; worker_processes 1; worker_rlimit_nofile 65536; pid {folder}/pid;
events {{ worker_connections 19000; }}
http {{
  access_log off; keepalive_requests 1000000000; keepalive_timeout 600s; sendfile on; open_file_cache max=16;
  client_body_timeout 600s; {temporary}
  upstream itself {{ server 127.0.0.1:{port}; keepalive 64; }}
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location / {{ root {files}; }}
    location = /small {{ return 200 "hello\\n"; }}
    # Reads the whole upload before it answers.
    location = /upload {{
      client_max_body_size 16m; client_body_buffer_size 1m; proxy_pass http://itself/small; proxy_method GET;
      proxy_pass_request_body off; proxy_set_header Content-Length ""; proxy_set_header Connection "";
      proxy_http_version 1.1;
    }}
  }}
}}""")
    bench.start("origin", ["nginx", "-c", folder / "nginx.conf", "-e", folder / "error.log"], cores).listens(port)
    return port
