package ingest

import "wenbao/corpus/source"

// tellEvery is how many articles of one file go by between two reports of
// progress: a tenth of a second's worth.
const tellEvery = 64

// meter reports progress. What a file's pages hold is counted in bytes of text,
// at most the file's size, until the file is done.
type meter struct {
	tell   func(Progress)
	now    Progress
	before int64 // bytes of the files that are done
	size   int64 // of the file being read
	text   int64
	untold int
}

// expect adds files to the totals.
func (m *meter) expect(inputs []input) {
	m.now.TotalFiles += len(inputs)
	for _, in := range inputs {
		m.now.TotalBytes += in.Size
	}
}

func (m *meter) begin(f source.File) {
	m.size, m.text = f.Size, 0
	m.now.Path = f.Path
}

func (m *meter) page(bytes, articles int) {
	m.text += int64(bytes)
	m.now.Articles += articles
	if m.untold += articles; m.untold >= tellEvery {
		m.now.Bytes = m.before + min(m.text, m.size)
		m.report()
	}
}

func (m *meter) end() {
	m.before += m.size
	m.now.Bytes = m.before
	m.now.Files++
	m.report()
}

func (m *meter) report() {
	m.untold = 0
	if m.tell != nil {
		m.tell(m.now)
	}
}
