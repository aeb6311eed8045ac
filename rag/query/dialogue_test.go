package query_test

import (
	"os"
	"path/filepath"
	"testing"

	"wenbao/corpus/facet"
	"wenbao/corpus/gazetteer"
	"wenbao/corpus/ingest"
	"wenbao/rag"
	"wenbao/rag/index"
	"wenbao/rag/query"
)

// reports are a small collection in which several things have the same facts.
const reports = `{"id":"bridge","title":"望江大桥合龙","text":"望江大桥昨日合龙，全长1820米，总投资9.6亿元，双向六车道，计划明年八月通车。"}
{"id":"tunnel","title":"白塔隧道掘进过半","text":"白塔隧道掘进过半，全长3100米，总投资21亿元，双向四车道，计划后年五月通车。"}
{"id":"lab","title":"云泽湖实验室迎来新设备","text":"云泽湖实验室添了三台电子显微镜，建筑面积2.4万平方米，总投资5亿元，科研人员有260名。"}
{"id":"hospital","title":"市第三人民医院搬家","text":"市第三人民医院搬到新址，建筑面积11万平方米，床位1200张，总投资13亿元，从望江大桥到那里要走十分钟。"}
{"id":"library","title":"市图书馆晚九点闭馆","text":"市图书馆每天多开三个小时，晚九点闭馆，周一不开放。云泽湖实验室送来了一批旧书。"}
{"id":"market","title":"江畔夜市周末开张","text":"江畔夜市有摊位180个，周末晚上营业，离望江大桥和市图书馆都不远。"}
`

// dialogues are conversations of questions, their answers and, for every question,
// the report that has to come first.
var dialogues = map[string][][3]string{
	"the same thing, another fact": {
		{"望江大桥什么时候通车？", "计划明年八月通车。", "bridge"},
		{"总投资多少？", "9.6亿元。", "bridge"},
		{"有几条车道？", "双向六车道。", "bridge"},
	},
	"another thing, the same fact": {
		{"望江大桥总投资多少？", "9.6亿元。", "bridge"},
		{"那白塔隧道呢？", "21亿元。", "tunnel"},
		{"云泽湖实验室呢？", "5亿元。", "lab"},
		{"建筑面积多大？", "2.4万平方米。", "lab"},
	},
	"a change of subject": {
		{"望江大桥有多长？", "1820米。", "bridge"},
		{"总投资多少？", "9.6亿元。", "bridge"},
		{"双向几条车道？", "望江大桥双向六车道。", "bridge"},
		{"市图书馆几点闭馆？", "晚九点。", "library"},
		{"周一开放吗？", "周一不开放。", "library"},
	},
	"back to an earlier thing": {
		{"云泽湖实验室总投资多少？", "5亿元。", "lab"},
		{"市第三人民医院床位有多少张？", "1200张。", "hospital"},
		{"刚才那个实验室有多少名科研人员？", "260名。", "lab"},
		{"回到市第三人民医院，建筑面积多大？", "11万平方米。", "hospital"},
	},
	"two things compared": {
		{"望江大桥和白塔隧道哪个投资多？", "白塔隧道总投资21亿元，望江大桥总投资9.6亿元。", "tunnel"},
		{"白塔隧道什么时候通车？", "后年五月。", "tunnel"},
		{"望江大桥呢？", "明年八月。", "bridge"},
	},
	"a thing that the answer named": {
		{"哪家医院搬到新址？", "市第三人民医院——市第三人民医院搬到新址", "hospital"},
		{"床位有多少张？", "1200张。", "hospital"},
	},
}

func TestDialogues(t *testing.T) {
	ix := collection(t)
	u := query.New(options())
	for name, dialogue := range dialogues {
		t.Run(name, func(t *testing.T) {
			var before []rag.Turn
			for _, turn := range dialogue {
				q := u.Understand(rag.Question{Text: turn[0], History: before})
				hits, err := ix.SearchWith(t.Context(), q, 1, index.SearchOptions{System: index.Lexical})
				if err != nil || len(hits) == 0 {
					t.Fatalf("%s: %d hits, error %v", q.Text, len(hits), err)
				}
				if got := hits[0].Article.Parts[0].DocID; got != turn[2] {
					t.Errorf("%s, searched as %q: found %s, want %s", turn[0], q.Text, got, turn[2])
				}
				before = append(before, rag.Turn{Question: turn[0], Answer: turn[1]})
			}
		})
	}
}

// collection indexes the reports.
func collection(t *testing.T) *index.Index {
	path := filepath.Join(t.TempDir(), "reports.jsonl")
	if err := os.WriteFile(path, []byte(reports), 0o600); err != nil {
		t.Fatal(err)
	}
	records, _, err := ingest.Read(t.Context(), []string{path}, ingest.Options{Annotator: facet.New(gazetteer.New())})
	if err != nil {
		t.Fatal(err)
	}
	ix, err := index.Build(t.Context(), index.NewMemory(records), index.Options{Analyzer: analyzer})
	if err != nil {
		t.Fatal(err)
	}
	return ix
}
