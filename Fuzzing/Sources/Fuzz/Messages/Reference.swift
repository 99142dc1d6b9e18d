import CNIOLLHTTP

/// What llhttp, in strict mode, makes of some bytes: the parser of Node.js and of SwiftNIO.
final class Reference {
    struct Refused {
        var code: llhttp_errno
        var reason: String
        /// Offset of the byte that it stopped at.
        var at: Int
        var isInBody: Bool
    }

    fileprivate var message = Message()
    fileprivate var name: [UInt8] = []
    fileprivate var value: [UInt8] = []
    fileprivate var url: [UInt8] = []
    fileprivate var method: [UInt8] = []
    fileprivate var isInBody = false
    fileprivate var skipsBody = false
    private var isDone = false

    static func request(_ bytes: [UInt8]) -> Outcome<Refused> { Reference().parse(bytes, HTTP_REQUEST) }

    /// The bytes are followed by the end of the connection.
    static func response(_ bytes: [UInt8], toHead: Bool) -> Outcome<Refused> {
        let reference = Reference()
        reference.skipsBody = toHead
        return reference.parse(bytes, HTTP_RESPONSE)
    }

    private func parse(_ bytes: [UInt8], _ type: llhttp_type_t) -> Outcome<Refused> {
        var settings = Self.settings
        var parser = llhttp_t()
        c_nio_llhttp_init(&parser, type, &settings)
        parser.data = Unmanaged.passUnretained(self).toOpaque()
        return withExtendedLifetime(self) {
            bytes.withUnsafeBytes { buffer in
                withUnsafeMutablePointer(to: &settings) { settings in
                    parser.settings = UnsafeMutableRawPointer(settings)
                    return run(&parser, buffer, type)
                }
            }
        }
    }

    private func run(
        _ parser: inout llhttp_t, _ buffer: UnsafeRawBufferPointer, _ type: llhttp_type_t
    ) -> Outcome<Refused> {
        guard let base = buffer.baseAddress?.assumingMemoryBound(to: CChar.self) else { return .incomplete }
        var code = c_nio_llhttp_execute(&parser, base, buffer.count)
        var position = buffer.count
        if code != HPE_OK { position = c_nio_llhttp_get_error_pos(&parser) - base }
        if code == HPE_OK, type == HTTP_RESPONSE, isInBody, c_nio_llhttp_message_needs_eof(&parser) != 0 {
            code = c_nio_llhttp_finish(&parser)
        }
        if isDone { code = HPE_PAUSED }
        guard code == HPE_PAUSED || code == HPE_PAUSED_UPGRADE else {
            guard code != HPE_OK else { return .incomplete }
            let reason = parser.reason.map { String(cString: $0) } ?? ""
            return .refused(Refused(code: code, reason: reason, at: position, isInBody: isInBody))
        }
        message.end = position
        return .complete(message)
    }

    fileprivate func endField() {
        let line = Message.Line(name: latin1(name), value: latin1(trimmed(value[...])))
        if isInBody { message.trailers.append(line) } else { message.fields.append(line) }
        name = []
        value = []
    }

    fileprivate func endHead(_ parser: UnsafeMutablePointer<llhttp_t>) {
        isInBody = true
        message.method = latin1(method)
        message.target = latin1(url)
        message.status = Int(parser.pointee.status_code)
        message.version = Int(parser.pointee.http_major) * 10 + Int(parser.pointee.http_minor)
        // Asked before the body, because trailers change llhttp's mind; but after `skipsBody` is known to it, see below.
        message.keepsAlive = c_nio_llhttp_should_keep_alive(parser) != 0
    }

    fileprivate func append(body: UnsafeBufferPointer<UInt8>) { message.body += body }

    fileprivate func complete(_ parser: UnsafeMutablePointer<llhttp_t>) {
        isDone = true
        if skipsBody { message.keepsAlive = c_nio_llhttp_should_keep_alive(parser) != 0 }
    }
}

extension Reference {
    fileprivate static func of(_ parser: UnsafeMutablePointer<llhttp_t>?) -> Reference {
        Unmanaged<Reference>.fromOpaque(parser!.pointee.data).takeUnretainedValue()
    }

    fileprivate static func bytes(_ start: UnsafePointer<CChar>?, _ count: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: UnsafeRawPointer(start!).assumingMemoryBound(to: UInt8.self), count: count)
    }

    /// Pauses when a message is complete, so that where it ended can be asked for.
    fileprivate static var settings: llhttp_settings_t {
        var settings = llhttp_settings_t()
        c_nio_llhttp_settings_init(&settings)
        settings.on_method = {
            Reference.of($0).method += Reference.bytes($1, $2); return 0
        }
        settings.on_url = {
            Reference.of($0).url += Reference.bytes($1, $2); return 0
        }
        settings.on_header_field = {
            Reference.of($0).name += Reference.bytes($1, $2); return 0
        }
        settings.on_header_value = {
            Reference.of($0).value += Reference.bytes($1, $2); return 0
        }
        settings.on_header_value_complete = {
            Reference.of($0).endField(); return 0
        }
        settings.on_headers_complete = {
            Reference.of($0).endHead($0!)
            return Reference.of($0).skipsBody ? 1 : 0
        }
        settings.on_body = {
            Reference.of($0).append(body: Reference.bytes($1, $2)); return 0
        }
        settings.on_message_complete = {
            Reference.of($0).complete($0!)
            return CInt(bitPattern: HPE_PAUSED.rawValue)
        }
        return settings
    }
}
