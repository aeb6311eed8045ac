package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"wenbao/corpus"
	"wenbao/rag"
)

func TestParseYears(t *testing.T) {
	for in, want := range map[string]corpus.Years{
		"":              {},
		"2025":          {From: 2025, To: 2025},
		"2025年":         {From: 2025, To: 2025},
		"2021-2025":     {From: 2021, To: 2025},
		"2021年 - 2025年": {From: 2021, To: 2025},
	} {
		if got, ok := parseYears(in); !ok || got != want {
			t.Errorf("%q: %v, %v, want %v", in, got, ok, want)
		}
	}
	for _, in := range []string{"25", "2025-", "-2025", "2025-2021", "2021-2023-2025", "明年", "+202", "0000"} {
		if got, ok := parseYears(in); ok {
			t.Errorf("%q is read as %v", in, got)
		}
	}
}

func FuzzParseYears(f *testing.F) {
	for _, s := range []string{"2025", "2021-2025", "2025年", "-", "20２5"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		y, ok := parseYears(s)
		if !ok || y.IsZero() {
			return
		}
		if y.From < 1 || y.To > 9999 || y.From > y.To {
			t.Errorf("%q: %v", s, y)
		}
		if again, ok := parseYears(fmt.Sprintf("%04d-%04d", y.From, y.To)); !ok || again != y {
			t.Errorf("%q: %v comes back as %v", s, y, again)
		}
	})
}

func TestLastDay(t *testing.T) {
	for in, want := range map[corpus.Date]corpus.Date{
		{}:                              {},
		{Year: 2024}:                    {Year: 2024, Month: 12, Day: 31},
		{Year: 2024, Month: 2}:          {Year: 2024, Month: 2, Day: 29},
		{Year: 2024, Month: 12}:         {Year: 2024, Month: 12, Day: 31},
		{Year: 2024, Month: 2, Day: 10}: {Year: 2024, Month: 2, Day: 10},
	} {
		if got := lastDay(in); got != want {
			t.Errorf("%v: %v, want %v", in, got, want)
		}
	}
}

func TestFullNames(t *testing.T) {
	known := []string{"临江区", "白塔镇", "白塔县"}
	for in, want := range map[string][]string{
		"临江区": {"临江区"},
		"临江":  {"临江区"},
		"白塔":  {"白塔镇", "白塔县"},
		"松岭":  {"松岭"},
		"臨江區": {"临江区"},
		"臨江":  {"临江区"},
	} {
		if got := fullNames([]string{in}, known); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", in, got, want)
		}
	}
}

func TestTurns(t *testing.T) {
	q := func(question, answer string) rag.Turn { return rag.Turn{Question: question, Answer: answer} }
	for in, want := range map[string][]rag.Turn{
		`[]`:             nil,
		`["问"]`:          {q("问", "")},
		`["问","答","再问"]`: {q("问", "答"), q("再问", "")},
		`[{"question":"问","answer":"答"},"再问","再答"]`: {q("问", "答"), q("再问", "再答")},
	} {
		var got turns
		err := json.Unmarshal([]byte(in), &got)
		same := func(a, b rag.Turn) bool { return a.Question == b.Question && a.Answer == b.Answer }
		if err != nil || !slices.EqualFunc(got, want, same) {
			t.Errorf("%s: %v, %v, want %v", in, got, err, want)
		}
	}
}

func TestParseConfig(t *testing.T) {
	got, bad := parseConfig("no_cache = true\n\n# a remark\nmodel = 'ollama:qwen3:8b'\nmodel_context = 8_192 # tokens\n")
	want := []entry{{"model", "ollama:qwen3:8b", 4}, {"model_context", "8192", 5}, {"no_cache", "true", 1}}
	if bad != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v, want %v", got, bad, want)
	}
	for in, want := range map[string]badConfig{
		"model = x":                        {line: 1},
		"\nmodel = 'a'\nmodel = 'b'":       {line: 3, key: ""},
		"model = 1.5":                      {line: 1, key: "model"},
		"model = ['a']":                    {line: 1, key: "model"},
		"[model]\nname = 'x'":              {line: 1, key: "model"},
		"model = 'x'\n[more]\nmodel = 'x'": {line: 2, key: "more", unknown: true},
		"model = 'x'\nb = 1\na = 2":        {line: 2, key: "b", unknown: true},
		"model_key = 'x'":                  {line: 1, key: "model_key", unknown: true},
		"embedder_dim = 1979-05-27":        {line: 1, key: "embedder_dim"},
	} {
		if got, bad := parseConfig(in); bad == nil || *bad != want {
			t.Errorf("%q: %v, %+v, want %+v", in, got, bad, want)
		}
	}
}

func FuzzParseConfig(f *testing.F) {
	for _, s := range []string{"model = 'x'", "no_cache = true\nmodel_context = 10", "[model]\na=1", "x = 1", "model = \"\\u4e91\"", "model.x = 1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		entries, bad := parseConfig(s)
		lines := strings.Count(s, "\n") + 1
		if bad != nil {
			if len(entries) > 0 || bad.line > lines {
				t.Errorf("%q: %+v, %+v", s, entries, bad)
			}
			return
		}
		// What was read reads the same again.
		var again strings.Builder
		for i := range entries {
			e := &entries[i]
			if e.line < 1 || e.line > lines || isSecret(e.name) || !slices.Contains(settingNames(), e.name) {
				t.Errorf("%q: %+v", s, e)
			}
			fmt.Fprintf(&again, "%s = \"", e.name)
			for _, r := range e.value {
				fmt.Fprintf(&again, "\\U%08X", r)
			}
			again.WriteString("\"\n")
			e.line = i + 1
		}
		if got, bad := parseConfig(again.String()); bad != nil || !slices.Equal(got, entries) {
			t.Errorf("%q: %+v comes back as %+v, %+v", s, entries, got, bad)
		}
	})
}

func FuzzParseLine(f *testing.F) {
	for _, s := range []string{
		`{"id":1,"question":"问","history":["问","答"]}`, `{"id":{"a":[]},"query":"词"}`,
		`{"quote":"文","history":[{"question":"问"}]}`, `{"question":7}`, `{"id":"x"}`, `[]`, `null`, ``,
	} {
		f.Add([]byte(s))
	}
	m := catalogue(langEN)
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := m.parseLine(b)
		if err == nil && strings.TrimSpace(l.Question) == "" {
			t.Errorf("%q: no question and no error", b)
		}
		if err == nil && !json.Valid(b) {
			t.Errorf("%q is no JSON", b)
		}
		// Whatever came as the ID can be given back.
		if _, err := json.Marshal(l.ID); err != nil {
			t.Errorf("%q: %v", b, err)
		}
	})
}
