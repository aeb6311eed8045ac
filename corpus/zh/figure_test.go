package zh_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"wenbao/corpus/zh"
)

func TestFigures(t *testing.T) {
	tests := []struct {
		name, in string
		want     []string // printed=value unit ~approx
	}{
		{"plain", "新建站点36处，投用12座", []string{"36处=36 处", "12座=12 座"}},
		{"scale", "技改投资16.5亿元，育苗31万亩，输电50万千瓦", []string{"16.5亿元=1650000000 元", "31万亩=310000 亩", "50万千瓦=500000 千瓦"}},
		{"long scale", "总产值2万亿元、工资3千万元", []string{"2万亿元=2000000000000 元", "3千万元=30000000 元"}},
		{"two parts", "筹资1亿2000万元", []string{"1亿2000万元=120000000 元"}},
		{"separators", "发放1,234,567元", []string{"1,234,567元=1234567 元"}},
		{"not separators", "第3,40张", []string{"第3=3", "40张=40 张"}},
		{"full width", "筹资３０００万元，增长１．５％", []string{"３０００万元=30000000 元", "１．５％=1.5 %"}},
		{"spaces", "筹资 15.50 亿元", []string{"15.50 亿元=1550000000 元"}},
		{"approx", "培训2100余名，收入5000余万元，近29万平方米，超3亿元，约400余处", []string{
			"2100余名=2100 名 ~余", "5000余万元=50000000 元 ~余", "近29万平方米=290000 平方米 ~近",
			"超3亿元=300000000 元 ~超", "约400余处=400 处 ~约余",
		}},
		{"approx after", "用时20天左右，60岁以上", []string{"20天左右=20 天 ~左右", "60岁以上=60 岁 ~以上"}},
		{"approx alone", "收入近亿元，上千家，超百万人次", []string{"近亿元=100000000 元 ~近", "上千家=1000 家 ~上", "超百万人次=1000000 人次 ~超"}},
		{"a term", "任期五年，学期两年，星期五", []string{"五年=5 年", "两年=2 年"}},
		{"capitals", "身高182CM，全长3.5KM，不是A3CM", []string{"182CM=182 CM", "3.5KM=3.5 KM"}},
		{"not approx", "附近3家，节约5吨，签约26个", []string{"3家=3 家", "5吨=5 吨", "26个=26 个"}},
		{"months", "历时三个多月，3个月", []string{"三个多月=3 个月 ~多", "3个月=3 个月"}},
		{"percent", "增长百分之十、5.5%，提高3个百分点，千分之二", []string{"百分之十=10 %", "5.5%=5.5 %", "3个百分点=3 个百分点", "千分之二=2 ‰"}},
		{"tenths and a half", "入住率由两成提高到五成半", []string{"两成=2 成", "五成半=5.5 成"}},
		{"fractions", "三分之一的村、五分之二、近七成、一半", []string{"三分之一=1/3", "五分之二=0.4", "近七成=7 成 ~近", "一半=0.5"}},
		{"halves", "半年、半个月、两年半，上半年、半导体", []string{"半年=0.5 年", "半个月=0.5 个月", "两年半=2.5 年"}},
		{"ranges", "每村15-20家，80至250个，3—5万亩，5%~8%", []string{
			"15=15 家", "20家=20 家", "80=80 个", "250个=250 个", "3=30000 亩", "5万亩=50000 亩", "5%=5 %", "8%=8 %",
		}},
		{"negative", "气温-3℃，增速为-1.2%，产能9-3", []string{"-3℃=-3 ℃", "-1.2%=-1.2 %", "9=9", "3=3"}},
		{"compound unit", "电价0.56元/度", []string{"0.56元/度=0.56 元/度"}},
		{"Chinese", "修两条路，三大产业，一座桥，一百二十三人，十五万亩，二十余名，三点五万人", []string{
			"两条=2 条", "三大=3 大", "一座=1 座", "一百二十三人=123 人", "十五万亩=150000 亩", "二十余名=20 名 ~余", "三点五万人=35000 人",
		}},
		{"Chinese colloquial", "一万五千人、三万五、二百零六户", []string{"一万五千人=15000 人", "三万五=35000", "二百零六户=206 户"}},
		{"ordinals", "第3批、第二座", []string{"第3批=3 批", "第二座=2 座"}},
		{"words", "初中一年级，一方面统一部署，一批项目，十分重要，唯一，一体推进，“一老一小”，万安，一家一户，一个个，同一个，千万不要", nil},
		{"guesses", "三五个，几十家，十几人，数百户，二三十人", nil},
		{"meetings", "二十大，十二届七次全会，二十届三中全会", nil},
		{"labels", "5G基站、A3版、“1+3+N”、G207国道、PM2.5、4K", nil},
		{"dates", "2025年12月30日，二〇二五年，2021—2025年，30日上午，1-11月，一季度，2024-12-30", nil},
		{"clock", "8时30分至20:30，8点半", nil},
		{"plans", "“十四五”收官，十五五开局", nil},
		{"durations", "25年、5年、1200年、15分钟、3天", []string{"25年=25 年", "5年=5 年", "1200年=1200 年", "15分钟=15 分钟", "3天=3 天"}},
		{"serial number", "编号1234567890123456789012345678901234567890", nil},
		{"version", "升级到1.2.3", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, f := range zh.Figures(tt.in) {
				s := fmt.Sprintf("%s=%s %s", f.In(tt.in), f.Value, f.Unit)
				if f.Approx != "" {
					s += " ~" + f.Approx
				}
				got = append(got, strings.TrimSpace(s))
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestFigureNumber(t *testing.T) {
	const text = "近24万平方米，2000余万元，第3批，-3℃"
	var got []string
	for _, f := range zh.Figures(text) {
		got = append(got, f.Number.In(text))
	}
	if want := []string{"24万", "2000余万", "3", "-3"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestParseNumber(t *testing.T) {
	tests := []struct {
		in, want string
		ok       bool
	}{
		{"0", "0", true},
		{"007", "7", true},
		{"1,200", "1200", true},
		{"15.50", "15.5", true},
		{"15.5亿", "1550000000", true},
		{"２２万", "220000", true},
		{"0.1", "0.1", true},
		{"-3", "-3", true},
		{"负三", "-3", true},
		{"十", "10", true},
		{"十五", "15", true},
		{"一百二", "120", true},
		{"一百零二", "102", true},
		{"一百二十三", "123", true},
		{"一亿二千万", "120000000", true},
		{"二万亿", "2000000000000", true},
		{"千万", "10000000", true},
		{"二〇二五", "2025", true},
		{"二零二五", "2025", true},
		{"三点一四", "3.14", true},
		{"三分之二", "2/3", true},
		{"四分之三", "0.75", true},
		{"半", "0.5", true},
		{"", "", false},
		{"-", "", false},
		{"12a", "", false},
		{"三五", "", false},
		{"三百一二", "", false},
		{"2000余万", "", false},
		{"零分之一", "", false},
		{"百分之", "", false},
		{"一亿亿亿亿", "", false},
		{"家", "", false},
	}
	for _, tt := range tests {
		if got, ok := zh.ParseNumber(tt.in); got != tt.want || ok != tt.ok {
			t.Errorf("ParseNumber(%q) = %q, %v, want %q, %v", tt.in, got, ok, tt.want, tt.ok)
		}
	}
}

func FuzzFigures(f *testing.F) {
	for _, s := range []string{
		"近24万平方米，2000余万元", "三分之一、百分之十、0分之1", "15-20家，-3℃", "一亿二千万两年半",
		"第3个多月", "１,２３４", "五点", "千千瓦", "\xff9", "1亿2000",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		last := 0
		for _, fig := range zh.Figures(s) {
			checkSpan(t, s, fig.Span, last)
			checkSpan(t, s, fig.Number, fig.Start)
			if fig.Number.End > fig.End {
				t.Fatalf("%q: number %v outside %v", s, fig.Number, fig.Span)
			}
			last = fig.End
			if fig.Unit != "%" && fig.Unit != "‰" && fig.Unit != "" && !strings.Contains(s, fig.Unit) && !strings.Contains(s, "多") {
				t.Fatalf("%q: unit %q is not printed", s, fig.Unit)
			}
			if strings.Contains(fig.Value, "/") {
				continue
			}
			if v, ok := zh.ParseNumber(fig.Value); len(fig.Value) < 30 && (!ok || v != fig.Value) {
				t.Fatalf("%q: value %q reads as %q", s, fig.Value, v)
			}
		}
	})
}

func FuzzParseNumber(f *testing.F) {
	for _, s := range []string{"1,200.5万", "一百二十三", "三分之一", "-２０亿", "负半"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, ok := zh.ParseNumber(s)
		if !ok || len(v) >= 30 || strings.Contains(v, "/") {
			return
		}
		if again, ok := zh.ParseNumber(v); !ok || again != v {
			t.Fatalf("%q reads as %q, that as %q", s, v, again)
		}
	})
}
