package gazetteer_test

import (
	"testing"

	"wenbao/corpus/gazetteer"
)

func TestWhole(t *testing.T) {
	for _, c := range []struct {
		text, name    string
		clause, above string
		places        []string
		want          bool
	}{
		{"全省打通断头路多少条", "全省", "我省打通断头路312条", "", nil, true},
		{"全省打通断头路多少条", "全省", "临江区打通断头路8条", "全省交通会议", []string{"临江区"}, false},
		{"全省打通断头路多少条", "全省", "打通断头路312条", "全省交通会议", nil, true},
		{"全省打通断头路多少条", "全省", "打通断头路312条", "", []string{"河南省"}, true},
		{"全省打通断头路多少条", "全省", "全国打通断头路多少条", "", nil, false},
		{"我国有多少座桥", "我国", "中国共有桥梁100万座", "", nil, true},
		{"我国有多少座桥", "我国", "共有桥梁1万座", "中国的桥", []string{"河南省"}, false},
		{"临江区打通断头路多少条", "", "全省", "", nil, false},
		{"全国劳动模范李大山栽树多少亩", "", "", "", nil, false},
		{"食品安全国家标准", "", "", "", nil, false},
		{"全国文明城市创建了几年", "", "", "", nil, false},
		{"安全省心的路", "", "", "", nil, false},
		{"国内生产总值多少", "", "", "", nil, false},
	} {
		w, ok := gazetteer.FindWhole(c.text)
		if ok != (c.name != "") || w.Name != c.name {
			t.Errorf("%s names %q, want %q", c.text, w.Name, c.name)
			continue
		}
		if ok && w.ToldBy(c.clause, c.above, c.places) != c.want {
			t.Errorf("%s: %s below %q for %v is told of it: %v, want %v", c.text, c.clause, c.above, c.places, !c.want, c.want)
		}
	}
}
