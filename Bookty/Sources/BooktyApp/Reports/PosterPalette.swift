/// The colours of the poster.
enum PosterPalette {
    static let paper = Colour(0xf5efe3)
    static let ink = Colour(0x22282f)
    static let soft = Colour(0x8b8577)
    static let faint = Colour(0xe3dac8)
    static let accent = Colour(0xb8442f)
    static let gold = Colour(0xe0b04a)
    static let wood = Colour(0x8a6546)
    static let woodShadow = Colour(0x5e4330)

    /// Cloth of books that somebody read in the year.
    static let cloths = [
        Colour(0x9c3b2e), Colour(0x2f5d62), Colour(0x2b4570), Colour(0x6b4c7a), Colour(0x3f6b3f), Colour(0xa86b2d),
        Colour(0x7a2f45), Colour(0x44525c),
    ]
}
