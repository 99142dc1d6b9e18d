import Glibc

/// A real nginx, serving `www` of the stage's folder.
struct Nginx {
    let program: Program
    let port: UInt16
    var address: String { "127.0.0.1:\(port)" }
}

extension Stage {
    func nginx() throws -> Nginx {
        let places = ["/usr/sbin/nginx", "/usr/bin/nginx"]
        guard let executable = places.first(where: { access($0, X_OK) == 0 }) else {
            throw Failure("nginx is missing: `make test` installs it, or `apt-get install nginx-light`")
        }
        for name in ["www", "temp"] { mkdir(path(name), 0o755) }
        // The port is bound here and passed on, as nginx does for its own upgrades: nobody can take it in between.
        let (socket, port) = try Socket.listening()
        defer { close(socket) }
        let configuration = try file(
            "nginx.conf",
            """
            daemon off; worker_processes 1; worker_rlimit_nofile 8192; \(geteuid() == 0 ? "user root;" : "") pid \(folder)/nginx.pid; error_log stderr warn;
            events { worker_connections 4096; }
            http {
              access_log off; client_max_body_size 0; client_body_in_file_only off;
              client_body_temp_path \(folder)/temp; proxy_temp_path \(folder)/temp; fastcgi_temp_path \(folder)/temp;
              uwsgi_temp_path \(folder)/temp; scgi_temp_path \(folder)/temp;
              server {
                listen 127.0.0.1:\(port);
                root \(folder)/www;
                location /dav/ { dav_methods PUT DELETE; create_full_put_path on; alias \(folder)/www/; }
                location = /echo { return 200 "$request_method $request_uri $http_x_forwarded_for"; }
              }
            }
            """)
        let program = try start(
            executable, ["-c", configuration, "-p", folder, "-e", "stderr"], environment: ["NGINX=3;"],
            passing: socket, named: "nginx")
        // Its worker ends with it only when it is asked to end.
        atEnd {
            program.send(SIGTERM)
            _ = try? program.exitCode(within: 5)
        }
        try eventually("nginx serves") {
            guard program.isRunning else { throw Failure("nginx ended: \(program.errors)") }
            guard let client = try? Connection(to: port) else { return false }
            try client.send("GET /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            return try client.response().status == 200
        }
        return Nginx(program: program, port: port)
    }
}
