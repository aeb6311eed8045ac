package bot

// Reply is all that is said to one event. It can be kept as JSON.
type Reply struct {
	// Messages are sent in order; those of an event's chat answer to the message
	// that was written.
	Messages []Message `json:"messages,omitempty"`
	// Toast is a short line for who pressed a button, shown over the chat; Alert
	// asks for it to be shown until it is closed.
	Toast string `json:"toast,omitempty"`
	Alert bool   `json:"alert,omitempty"`
	// Inline answers an inline query.
	Inline *Inline `json:"inline,omitempty"`
}

// Message is text with a little markup, and buttons. It may be longer than a
// transport can send at once: it is then cut between Pieces, and the buttons go
// under the last part.
type Message struct {
	// Replace is the ID of the bot's message that this one takes the place of,
	// 0 for a new message. With Replace and without Blocks only the buttons change.
	Replace int        `json:"replace,omitempty"`
	Blocks  []Block    `json:"blocks,omitempty"`
	Buttons [][]Button `json:"buttons,omitempty"` // rows
}

// Block is a paragraph, or a quotation. An empty line stands between paragraphs.
type Block struct {
	// Quote sets the block off as quoted; Folded shows only its beginning until
	// it is opened.
	Quote  bool    `json:"quote,omitempty"`
	Folded bool    `json:"folded,omitempty"`
	Pieces []Piece `json:"pieces"`
}

// Piece is what is not cut where it can be helped: a sentence, a source. Pieces
// follow one another without anything between: line ends are in their text.
type Piece []Run

// Run is text in one style.
type Run struct {
	Text  string `json:"text"`
	Style Style  `json:"style,omitempty"`
}

// Style is how a run looks.
type Style string

// The styles.
const (
	Plain  Style = ""
	Bold   Style = "bold"
	Italic Style = "italic"
	Code   Style = "code"
)

// Button is a button under a message; one of Data, Copy and Inline is set.
type Button struct {
	Text string `json:"text"`
	// Data comes back in Event.Data, at most MaxData bytes.
	Data string `json:"data,omitempty"`
	// Copy is put on the user's clipboard, at most MaxCopy characters.
	Copy string `json:"copy,omitempty"`
	// Inline begins an inline query with this text in the same chat.
	Inline string `json:"inline,omitempty"`
}

// Limits of a Button.
const (
	MaxData = 64  // bytes
	MaxCopy = 256 // characters, counted in UTF-16
)

// Inline is the answer to an inline query.
type Inline struct {
	Results []Result `json:"results"` // at most MaxResults
	// Next is the Event.Offset of the next page, "" at the end.
	Next string `json:"next,omitempty"`
	// Hint, where set, is a line above the results that leads to the private chat.
	Hint string `json:"hint,omitempty"`
}

// MaxResults is how many results one answer to an inline query can have.
const MaxResults = 50

// Result is something to choose after an inline query.
type Result struct {
	ID          string  `json:"id"` // at most MaxData bytes
	Title       string  `json:"title"`
	Description string  `json:"description,omitempty"`
	Message     Message `json:"message"` // what is sent when it is chosen, without buttons
}

// Text is a message of one paragraph in plain text.
func Text(text string) Message {
	return Message{Blocks: []Block{Paragraph(text)}}
}

// Paragraph is a block of one piece of plain text.
func Paragraph(text string) Block {
	return Block{Pieces: []Piece{{{Text: text}}}}
}

// Say is a reply of one message of plain text.
func Say(text string) Reply {
	return Reply{Messages: []Message{Text(text)}}
}
