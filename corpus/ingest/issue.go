package ingest

import (
	"path"
	"slices"

	"wenbao/corpus"
	"wenbao/corpus/facet"
	"wenbao/corpus/layout"
	"wenbao/corpus/library"
)

// issues are the issues of newspapers by the key of their batch.
type issues map[string]*issue

// issue gathers the pages of one issue that hold jump lines.
type issue struct {
	inputs   []input
	articles []corpus.Article
}

// add takes a file that goes into its issue's batch and reports whether it does.
func (is issues) add(f *outcome) bool {
	if f.issuePage == nil {
		return false
	}
	key := issueKey(f)
	if is[key] == nil {
		is[key] = &issue{}
	}
	is[key].inputs = append(is[key].inputs, f.input)
	is[key].articles = append(is[key].articles, f.articles...)
	return true
}

// issueKey names the batch of the file's issue. No clean path has two slashes
// in a row, so it is never the key of a file.
func issueKey(f *outcome) string {
	return path.Dir(f.open) + "//" + f.issuePage.Newspaper + "/" + f.issuePage.Date.String()
}

// records stitches the articles that go on from page to page and cuts all.
func (s *issue) records(an *facet.Annotator) []library.Record {
	return records(an, layout.Stitch(s.articles))
}

// keepFormer adds the former records that hold parts of files that could not be
// read this time, in place of new ones that stand in them.
func keepFormer(fresh, former []library.Record, failed map[string]bool) []library.Record {
	kept := map[string]bool{} // IDs of the parts kept
	var out []library.Record
	for _, r := range former {
		if slices.ContainsFunc(r.Article.Parts, func(p corpus.Part) bool { return failed[p.Source] }) {
			out = append(out, r)
			for _, p := range r.Article.Parts {
				kept[p.ID] = true
			}
		}
	}
	fresh = slices.DeleteFunc(slices.Clone(fresh), func(r library.Record) bool {
		return slices.ContainsFunc(r.Article.Parts, func(p corpus.Part) bool { return kept[p.ID] })
	})
	return append(out, fresh...)
}
