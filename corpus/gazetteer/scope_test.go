package gazetteer_test

import (
	"testing"

	"wenbao/corpus/gazetteer"
)

func TestScope(t *testing.T) {
	for _, c := range []struct {
		text, name, other string
		want              bool
	}{
		{"全省打通断头路多少条", "全省", "我省打通断头路312条", true},
		{"全省打通断头路多少条", "全省", "临江区打通断头路8条", false},
		{"全省打通断头路多少条", "全省", "全国打通断头路多少条", false},
		{"我国有多少座桥", "我国", "全国共有桥梁100万座", true},
		{"临江区打通断头路多少条", "", "全省", false},
	} {
		name, in := gazetteer.Scope(c.text)
		if got := in(c.other); name != c.name || got != c.want {
			t.Errorf("%s names %q, want %q; in %s: %v, want %v", c.text, name, c.name, c.other, got, c.want)
		}
	}
}
