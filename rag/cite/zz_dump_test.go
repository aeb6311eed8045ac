package cite_test

import (
	"context"
	"fmt"
	"testing"

	"wenbao/corpus/facet"
	"wenbao/corpus/gazetteer"
	"wenbao/corpus/ingest"
	"wenbao/corpus/zh"
	"wenbao/rag/lexical"
)

func TestZZDump(t *testing.T) {
	g := gazetteer.New()
	an := facet.New(g)
	lx, _ := lexical.NewAnalyzer(nil)
	records, _, err := ingest.Read(context.Background(), []string{"../../testdata/pages"}, ingest.Options{Annotator: an})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		fmt.Printf("ART %q speaker=%q office=%q city=%q %v facets=%+v\n", r.Article.Title, r.Article.Facets.Speaker, r.Article.Facets.Office, r.Article.City, r.Article.Meta().Date, r.Article.Facets)
		for _, p := range r.Passages {
			fmt.Printf("  PASS %s %v %+v\n", p.ID, p.Headings, p.Facets)
			c := an.ContextOf(&r.Article, p.Headings)
			for _, sp := range zh.Sentences(p.Text) {
				s := sp.In(p.Text)
				f := an.Text(s, c)
				fmt.Printf("    S %s %v %v %q | %s\n", f.Kind, f.Period, f.Places, f.Speaker, s)
				fmt.Printf("      W %v\n", lx.Words(s))
			}
		}
	}
}
