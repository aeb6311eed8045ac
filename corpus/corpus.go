package corpus

// Span is a half-open range of UTF-8 bytes in some text.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Len is the number of bytes in the span.
func (s Span) Len() int { return s.End - s.Start }

// In cuts the span out of text. The span must lie within it.
func (s Span) In(text string) string { return text[s.Start:s.End] }

// Meta says where and when something was printed.
type Meta struct {
	Newspaper string `json:"newspaper,omitempty"`
	// Date is the day of printing. DateInferred says that it was worked out
	// from the text and not given with the file.
	Date         Date `json:"date,omitzero"`
	DateInferred bool `json:"date_inferred,omitempty"`
	// Edition is the page number as digits without leading zeros: "3" for 03版.
	// It may carry a section letter ("A3").
	Edition string `json:"edition,omitempty"`
}

// Page is one file, or one record of a file of records, as it was printed.
type Page struct {
	// Source names the file: its path with forward slashes, or "-" for standard input.
	Source string
	// DocID is the record's own id where it has one (JSON lines), else "".
	DocID string
	// Title is set when the format gives the title apart from the text.
	Title string
	// Single says that the page holds exactly one article (a saved web page, a
	// record); otherwise it is a printed page that layout has to split.
	Single bool
	Meta
	// Text is valid UTF-8 with "\n" line ends and no byte order mark.
	Text string
}

// BlockKind says what a block of an article is.
type BlockKind string

// The kinds of block. Kicker, Title and Subtitle make up the title block.
const (
	BlockKicker    BlockKind = "kicker"
	BlockTitle     BlockKind = "title"
	BlockSubtitle  BlockKind = "subtitle"
	BlockByline    BlockKind = "byline" // reporters, correspondents, the issuing office
	BlockJump      BlockKind = "jump"   // 上接01版, 下转03版
	BlockHeading   BlockKind = "heading"
	BlockParagraph BlockKind = "paragraph"
	BlockList      BlockKind = "list" // one item
	BlockTable     BlockKind = "table"
)

// Block is one printed piece of an article.
type Block struct {
	Kind BlockKind `json:"kind"`
	// Level is a heading's depth from 1; 0 for other kinds.
	Level int `json:"level,omitempty"`
	// Span is the block in Article.Text. It never covers the newline after it;
	// only a table has newlines within, one after each row.
	Span Span `json:"span"`
	// Printed says where it was printed, in reading order: in several places
	// when a column break or a jump cut it. It includes markers such as "##"
	// that Article.Text leaves out.
	Printed []Printed `json:"printed,omitempty"`
}

// Part is the index in Article.Parts of the part that the block begins in.
func (b Block) Part() int {
	if len(b.Printed) == 0 {
		return 0
	}
	return b.Printed[0].Part
}

// Printed is a place on a page.
type Printed struct {
	// Part is an index in Article.Parts; Span lies in that part's Page.Text.
	Part int  `json:"part,omitempty"`
	Span Span `json:"span"`
}

// Part is a piece of an article on one page.
type Part struct {
	// ID is made from the words printed and the DocID alone.
	ID     string `json:"id"`
	Source string `json:"source"`
	DocID  string `json:"doc_id,omitempty"`
	Meta
	// From and To are the editions that jump lines name (上接01版 is From "1",
	// 下转03版 is To "3"), "" where there is none.
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
}

// Author is a name in a byline.
type Author struct {
	Name string `json:"name"`
	Role string `json:"role"` // as printed: 记者, 通讯员, 洛报融媒记者 …
}

// Article is one report with all its parts.
type Article struct {
	// ID is the ID of the first part.
	ID string `json:"id"`
	// Kicker is the column's name or the line above the headline (引题, 栏目).
	Kicker   string `json:"kicker,omitempty"`
	Title    string `json:"title"`
	Subtitle string `json:"subtitle,omitempty"`
	// TitleMade says that nothing was printed as a title and that Title was
	// made of the article's first words.
	TitleMade bool `json:"title_made,omitempty"`
	// Byline is the byline as printed, several lines joined by a space.
	Byline  string   `json:"byline,omitempty"`
	Authors []Author `json:"authors,omitempty"`
	// Office is the issuing office of a byline such as (云泽宣).
	Office string `json:"office,omitempty"`
	// City is what 我市 and 全市 mean in it, by full name, "" when not known.
	City string `json:"city,omitempty"`
	// Fragment says that the article begins or ends on a page that is not there.
	Fragment bool   `json:"fragment,omitempty"`
	Parts    []Part `json:"parts"`
	// Text is every block, in reading order, one to a line. Words that a column
	// break cut are joined again; nothing else is changed.
	Text   string  `json:"text"`
	Blocks []Block `json:"blocks"`
	// Facets are what holds for the article as a whole: its places, its speaker.
	Facets Facets `json:"facets,omitzero"`
}

// Meta is where and when the article began to be printed.
func (a *Article) Meta() Meta {
	if len(a.Parts) == 0 {
		return Meta{}
	}
	return a.Parts[0].Meta
}

// Kind says whether a text tells of something done, something planned, or
// states something that is neither.
type Kind string

// The kinds of passage; "" is not known, or any.
const (
	KindResult    Kind = "result"
	KindPlan      Kind = "plan"
	KindStatement Kind = "statement"
)

// Years is a range of calendar years, both ends included. The zero value is
// unknown, or any.
type Years struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// IsZero reports whether no year is known.
func (y Years) IsZero() bool { return y == Years{} }

// Has reports whether the year lies in the range.
func (y Years) Has(year int) bool { return y.From <= year && year <= y.To }

// Overlaps reports whether the two ranges share a year; an unknown range shares none.
func (y Years) Overlaps(z Years) bool {
	return !y.IsZero() && !z.IsZero() && y.From <= z.To && z.From <= y.To
}

// Facets are what a piece of text speaks of.
type Facets struct {
	// Places are the places it speaks for, by full name (临江区). They are
	// inherited from the sentence's surroundings where the words name none, and
	// never widened: a district's plan is not its city's.
	Places []string `json:"places,omitempty"`
	// Mentions are other places that its words name.
	Mentions []string `json:"mentions,omitempty"`
	// Speaker is who says it, by name where one is known; Office is the
	// speaker's post or the office that speaks.
	Speaker string `json:"speaker,omitempty"`
	Office  string `json:"office,omitempty"`
	// Period is the year or years spoken of, not the day of printing.
	Period Years `json:"period,omitzero"`
	// PeriodInferred says that the period rests on an inferred page date.
	PeriodInferred bool `json:"period_inferred,omitempty"`
	Kind           Kind `json:"kind,omitempty"`
}

// Passage is what is retrieved and cited: whole sentences under one heading.
type Passage struct {
	ID string `json:"id"`
	// Article is the ID of the article, Part the index of the part it begins in.
	Article string `json:"article"`
	Part    int    `json:"part,omitempty"`
	// Span is the passage in Article.Text; Text is those bytes.
	Span Span   `json:"span"`
	Text string `json:"text"`
	// Headings is the heading path, outermost first.
	Headings []string `json:"headings,omitempty"`
	Facets   Facets   `json:"facets,omitzero"`
}
