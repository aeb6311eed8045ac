// Package markup turns bot's messages into Telegram's HTML, in parts that
// Telegram takes.
//
//	bot.Message -> clean -> split -> render -> []Part
//
// Text is cleaned of what Telegram would drop, so that what is counted here is
// what Telegram counts. It is then laid out on parts of limited length and number
// of entities: whatever fits a part is not cut, and what does not is taken to
// pieces: a message between blocks, a block between its pieces, a piece between
// sentences, and a sentence between characters as readers see them. A quotation
// that is cut is closed and opened again. Nothing is left out but white space at
// the cuts, at the ends of blocks, and where it is all there is.
package markup
