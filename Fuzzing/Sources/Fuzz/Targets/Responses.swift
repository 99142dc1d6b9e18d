import BookendHTTP

/// Promise: whatever BookendHTTP and llhttp both accept as a response means the same to both, byte for byte. The input
/// begins with a line that says the method of the request: `HEAD`, or anything else for GET.
func compareResponses(_ input: [UInt8]) {
    guard let end = input.firstIndex(of: 0x0A) else { return }
    let toHead = latin1(input[..<end]) == "HEAD"
    let bytes = Array(input[(end + 1)...])
    if DifferentFromReference.hasTab(inField: "transfer-encoding", bytes) { return }
    switch (bookendResponse(bytes, to: toHead ? .head : .get), Reference.response(bytes, toHead: toHead)) {
    case (.complete(let ours), .complete(let theirs)):
        let theirs = theirs.comparable
        guard DifferentFromReference.allows(ours, theirs, bytes) else {
            fail("both accept, but differ:\n\(ours)\n\(theirs)", input)
        }
    case (.complete(let ours), .refused(let refused)):
        guard LooserThanReference.allows(ours, refused, bytes) else {
            fail("we accept what llhttp refuses (\(refused)):\n\(ours)", input)
        }
    case (.complete(let ours), .incomplete):
        guard DifferentFromReference.allowsEnd(of: ours) else {
            fail("we accept, llhttp waits for more:\n\(ours)", input)
        }
    case (.refused(let refusal), .complete(let theirs)):
        guard StricterThanReference.allows(refusal, theirs, bytes) else {
            fail("llhttp accepts what we refuse (\(refusal.reason)):\n\(theirs)", input)
        }
    case (.incomplete, .complete(let theirs)): fail("we wait for more, llhttp accepts:\n\(theirs)", input)
    case (.refused, _), (.incomplete, _): break
    }
}
