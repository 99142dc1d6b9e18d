/// Promise: whatever BookendHTTP and llhttp both accept as a request means the same to both, byte for byte.
func compareRequests(_ bytes: [UInt8]) {
    switch (bookendRequest(bytes), Reference.request(bytes)) {
    case (.complete(let ours), .complete(let theirs)):
        let theirs = theirs.comparable
        guard DifferentFromReference.allows(ours, theirs, bytes) else {
            fail("both accept, but differ:\n\(ours)\n\(theirs)", bytes)
        }
    case (.complete(let ours), .refused(let refused)):
        guard LooserThanReference.allows(ours, refused, bytes) else {
            fail("we accept what llhttp refuses (\(refused)):\n\(ours)", bytes)
        }
    case (.complete(let ours), .incomplete): fail("we accept, llhttp waits for more:\n\(ours)", bytes)
    case (.refused(let refusal), .complete(let theirs)):
        guard StricterThanReference.allows(refusal, theirs, bytes) else {
            fail("llhttp accepts what we refuse (\(refusal.reason)):\n\(theirs)", bytes)
        }
    case (.incomplete, .complete(let theirs)): fail("we wait for more, llhttp accepts:\n\(theirs)", bytes)
    case (.refused, _), (.incomplete, _): break
    }
}
