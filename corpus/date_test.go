package corpus_test

import (
	"encoding/json"
	"slices"
	"testing"

	"wenbao/corpus"
)

func date(y, m, d int) corpus.Date { return corpus.Date{Year: y, Month: m, Day: d} }

func TestParseDate(t *testing.T) {
	tests := []struct {
		in   string
		want corpus.Date
	}{
		{"", corpus.Date{}},
		{"2024", date(2024, 0, 0)},
		{"2024-12", date(2024, 12, 0)},
		{"2024-12-31", date(2024, 12, 31)},
		{"2024-02-29", date(2024, 2, 29)},
		{"2000-02-29", date(2000, 2, 29)},
		{"0099-01-05", date(99, 1, 5)},
	}
	for _, tt := range tests {
		got, err := corpus.ParseDate(tt.in)
		if err != nil || got != tt.want {
			t.Errorf("ParseDate(%q) = %v, %v; want %v", tt.in, got, err, tt.want)
		}
		if got.String() != tt.in {
			t.Errorf("ParseDate(%q).String() = %q", tt.in, got.String())
		}
	}
}

func TestParseDateRefuses(t *testing.T) {
	for _, in := range []string{
		"2023-02-29", "1900-02-29", "2024-04-31", "2024-13", "2024-13-01", "2024-12-32", "2024-00-10", "2024-10-00",
		"0", "-2024", "10000-01-01", "2024-", "2024-1-2-3", "2024/12/31", "2024年", "昨日", " 2024", "2024-12-31 ",
	} {
		if got, err := corpus.ParseDate(in); err == nil {
			t.Errorf("ParseDate(%q) = %v, want an error", in, got)
		}
	}
}

func TestDateCompare(t *testing.T) {
	ordered := []corpus.Date{
		{}, date(2023, 12, 31), date(2024, 0, 0), date(2024, 1, 0), date(2024, 1, 1), date(2024, 1, 31), date(2024, 2, 1),
		date(2024, 12, 31), date(2025, 1, 1),
	}
	for i, a := range ordered {
		for j, b := range ordered {
			want := min(max(i-j, -1), 1)
			if got := a.Compare(b); got != want {
				t.Errorf("%q.Compare(%q) = %d, want %d", a, b, got, want)
			}
		}
	}
	if !slices.IsSortedFunc(ordered, corpus.Date.Compare) {
		t.Error("Compare does not sort")
	}
}

func TestDateAddDays(t *testing.T) {
	tests := []struct {
		from corpus.Date
		days int
		want corpus.Date
	}{
		{date(2024, 12, 31), 0, date(2024, 12, 31)},
		{date(2024, 12, 31), 1, date(2025, 1, 1)},
		{date(2025, 1, 1), -1, date(2024, 12, 31)},
		{date(2024, 2, 28), 1, date(2024, 2, 29)},
		{date(2023, 2, 28), 1, date(2023, 3, 1)},
		{date(2024, 1, 15), 366, date(2025, 1, 15)},
	}
	for _, tt := range tests {
		if got := tt.from.AddDays(tt.days); got != tt.want {
			t.Errorf("%v.AddDays(%d) = %v, want %v", tt.from, tt.days, got, tt.want)
		}
		if back := tt.want.AddDays(-tt.days); back != tt.from {
			t.Errorf("%v.AddDays(%d) = %v, want %v", tt.want, -tt.days, back, tt.from)
		}
	}
}

func TestDateValid(t *testing.T) {
	for _, d := range []corpus.Date{{}, date(2024, 0, 0), date(2024, 12, 0), date(2024, 2, 29)} {
		if !d.Valid() {
			t.Errorf("%#v is not valid", d)
		}
	}
	for _, d := range []corpus.Date{date(0, 1, 1), date(2024, 0, 1), date(2024, 2, 30), date(2024, -1, 0), date(2024, 1, -1), date(10000, 1, 1)} {
		if d.Valid() {
			t.Errorf("%#v is valid", d)
		}
	}
}

func TestDateJSON(t *testing.T) {
	type record struct {
		Date corpus.Date `json:"date,omitzero"`
	}
	for in, want := range map[corpus.Date]string{
		{}:                `{}`,
		date(2024, 0, 0):  `{"date":"2024"}`,
		date(2024, 7, 0):  `{"date":"2024-07"}`,
		date(2024, 7, 16): `{"date":"2024-07-16"}`,
	} {
		b, err := json.Marshal(record{in})
		if err != nil || string(b) != want {
			t.Errorf("marshal %#v: %s, %v; want %s", in, b, err, want)
		}
		var back record
		if err := json.Unmarshal(b, &back); err != nil || back.Date != in {
			t.Errorf("unmarshal %s: %#v, %v", b, back.Date, err)
		}
	}
	kept := record{date(2024, 1, 1)}
	if err := json.Unmarshal([]byte(`{"date":"2024-02-30"}`), &kept); err == nil {
		t.Error("unmarshal of a day that does not exist: no error")
	}
	if kept.Date != date(2024, 1, 1) {
		t.Errorf("a bad date changed the value to %v", kept.Date)
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"", "2024", "2024-12", "2024-12-31", "2024-02-30", "+2024-1-1", "２０２４"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := corpus.ParseDate(s)
		if err != nil {
			if !d.IsZero() {
				t.Errorf("ParseDate(%q) = %v with error %v", s, d, err)
			}
			return
		}
		if !d.Valid() {
			t.Errorf("ParseDate(%q) = %#v, which is not valid", s, d)
		}
		again, err := corpus.ParseDate(d.String())
		if err != nil || again != d {
			t.Errorf("ParseDate(%q) = %v, written %q and read as %v, %v", s, d, d.String(), again, err)
		}
	})
}

func TestYears(t *testing.T) {
	year := func(from, to int) corpus.Years { return corpus.Years{From: from, To: to} }
	tests := []struct {
		a, b     corpus.Years
		overlaps bool
	}{
		{year(2024, 2024), year(2024, 2024), true},
		{year(2024, 2024), year(2025, 2025), false},
		{year(2021, 2025), year(2025, 2025), true},
		{year(2021, 2025), year(2023, 2023), true},
		{year(2021, 2025), year(2026, 2030), false},
		{year(2020, 2022), year(2022, 2026), true},
		{corpus.Years{}, year(2024, 2024), false},
		{corpus.Years{}, corpus.Years{}, false},
	}
	for _, tt := range tests {
		if got := tt.a.Overlaps(tt.b); got != tt.overlaps {
			t.Errorf("%v.Overlaps(%v) = %v", tt.a, tt.b, got)
		}
		if got := tt.b.Overlaps(tt.a); got != tt.overlaps {
			t.Errorf("%v.Overlaps(%v) = %v", tt.b, tt.a, got)
		}
	}
	plan := year(2021, 2025)
	for y, want := range map[int]bool{2020: false, 2021: true, 2025: true, 2026: false} {
		if plan.Has(y) != want {
			t.Errorf("%v.Has(%d) = %v", plan, y, !want)
		}
	}
	if plan.IsZero() || !(corpus.Years{}).IsZero() {
		t.Error("IsZero is wrong")
	}
}
