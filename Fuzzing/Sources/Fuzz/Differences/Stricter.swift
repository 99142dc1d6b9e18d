import BookendHTTP

/// What Bookend refuses and llhttp accepts, on purpose. Any other refusal fails the fuzzer when llhttp takes the same
/// bytes for a message.
enum StricterThanReference {
    static func allows(_ refusal: Refusal, _ theirs: Message, _ bytes: [UInt8]) -> Bool {
        // Rule 17: llhttp still reads HTTP/0.9, whose requests have no version and may end in LF.
        if theirs.version == 9 { return true }
        // RFC 9112, section 2.2: only a server skips empty lines, a few; llhttp also does it for responses, and for
        // lone LFs.
        if bytes.first == 0x0D || bytes.first == 0x0A, isListed(refusal, in: skippedLines) { return true }
        // RFC 9110, section 15: a status has three digits and begins with 1 at least; llhttp takes 050 for one.
        if theirs.status < 100, isListed(refusal, in: [.statusMalformed]) { return true }
        // Rule 17: one space between the parts of a request line; llhttp takes several.
        if latin1(bytes).contains("  "), isListed(refusal, in: [.versionMalformed, .targetEmpty]) { return true }
        // Rule 17: no fragment in a target.
        if theirs.target.contains("#"), isListed(refusal, in: [.targetInvalid]) { return true }
        // Rule 2: llhttp lets a CR pass that ends no line, after a response's status line.
        if theirs.status > 0, isListed(refusal, in: [.bareCarriageReturn]) { return true }
        return isListed(refusal, in: refusals)
    }

    private static let skippedLines: [Refusal] = [
        .versionMalformed, .methodInvalid, .bareCarriageReturn, .bareLineFeed,
    ]

    private static let refusals: [Refusal] = [
        // Rule 1: llhttp knows codings before chunked, and has no opinion on HTTP/1.0.
        .codingUnknown, .codingInOldVersion, .codingRepeated,
        // Rule 3: a chunk's size has sixteen digits at most; llhttp counts no leading zeros.
        .chunkSizeTooLarge,
        // Rule 4: llhttp does not look at Host, nor at the form of the target.
        .hostMissing, .hostRepeated, .hostInvalid, .targetAuthorityInvalid, .targetFormInvalid, .asteriskNotOptions,
        .connectRefused,
        // Rule 5: each name in Connection goes through all fields, so there may not be any number of them.
        .connectionTooLong,
        // Rule 17: llhttp reads HTTP/2.0 as if it were 1.1, and takes control bytes in a reason.
        .versionUnsupported, .reasonInvalid,
    ]

    /// Compared as for a response, so that one list serves both.
    private static func isListed(_ refusal: Refusal, in list: [Refusal]) -> Bool {
        list.contains { $0.asBadGateway == refusal.asBadGateway }
    }
}
