package embed_test

import (
	"context"
	"encoding/binary"
	"errors"
	"hash/fnv"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"wenbao/rag/embed"
)

func vectorOf(t testing.TB, text string) []float32 {
	t.Helper()
	vectors, err := embed.New().Embed(t.Context(), []string{text})
	if err != nil {
		t.Fatal(err)
	}
	return vectors[0]
}

func dot(a, b []float32) float64 {
	var sum float64
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

func TestEmbedTellsNearFromFar(t *testing.T) {
	tests := []struct{ question, near, far string }{
		{
			"养老服务中心什么时候建成",
			"临江区的养老服务中心年内就能建好投用。",
			"松岭县的供水管网年内就能换好完工。",
		},
		{
			"沙湾街道的老旧小区改造",
			"云泽市今年改造沙湾街道老旧小区十二个。",
			"云泽市今年改造白塔镇农田灌溉水渠四条。",
		},
		{
			"江滨新区的科技企业有多少家",
			"江滨新区新增科技企业三十家。",
			"江滨新区新增幼儿园三所。",
		},
		{
			"5G基站有多少个",
			"全县建成５ｇ基站六百个。",
			"全县建成4G基站六百个。",
		},
		// From here on question and passage have hardly a character in common.
		{
			"爷爷奶奶没人做饭咋办",
			"社区建起老年助餐点，高龄老人可享送餐服务。",
			"全县打通断头路，新增停车泊位。",
		},
		{
			"娃念书的地方够不够",
			"新建中小学和幼儿园，新增学位两万个。",
			"新建高标准农田，补贴购置农机具。",
		},
		{
			"生病了找大夫方便不",
			"乡镇卫生院都能开展远程诊疗，市医院新院区接诊。",
			"农村公路改造完工，快速路通车。",
		},
		{
			"下岗了去哪找活干",
			"举办招聘会，提供就业岗位三万个，开展技能培训。",
			"新建湿地公园，改善空气质量。",
		},
	}
	for _, tt := range tests {
		question := vectorOf(t, tt.question)
		near, far := dot(question, vectorOf(t, tt.near)), dot(question, vectorOf(t, tt.far))
		if near < far+0.1 {
			t.Errorf("%q is %.3f from %q and %.3f from %q", tt.question, near, tt.near, far, tt.far)
		}
	}
}

// maxWeights is what the weights may add to the program.
const maxWeights = 12_000_000

func TestWeightsAreSmall(t *testing.T) {
	info, err := os.Stat("weights.bin")
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > maxWeights {
		t.Errorf("weights.bin has %d bytes, want at most %d", info.Size(), maxWeights)
	}
}

func TestEmbedOverlooksHowATextIsSet(t *testing.T) {
	tests := []struct{ name, a, b string }{
		{"case", "GDP增长", "gdp增长"},
		{"full width", "ＧＤＰ增长６％，达标！", "GDP增长6%,达标!"},
		{"line broken in a word", "柳溪\n镇 敬老\u3000院", "柳溪镇敬老院"},
		{"script", "柳溪鎮「敬老院」開工", "柳溪镇“敬老院”开工"},
		{"kind of punctuation", "柳溪镇：敬老院", "柳溪镇。敬老院"},
		{"order of sentences", "白塔镇建桥。柳溪镇修路。", "柳溪镇修路。白塔镇建桥。"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if !slices.Equal(vectorOf(t, tt.a), vectorOf(t, tt.b)) {
				t.Errorf("vectors of %q and %q differ", tt.a, tt.b)
			}
		})
	}
}

func TestEmbedSeesTheOrderOfCharacters(t *testing.T) {
	if slices.Equal(vectorOf(t, "县城"), vectorOf(t, "城县")) {
		t.Error("县城 and 城县 have one vector")
	}
	if slices.Equal(vectorOf(t, "柳溪镇"), vectorOf(t, "柳溪，镇")) {
		t.Error("punctuation does not part a pair")
	}
	if slices.Equal(vectorOf(t, "ab cd"), vectorOf(t, "abcd")) {
		t.Error("a space does not part words")
	}
}

func TestEmbedWeighsRareAboveCommon(t *testing.T) {
	const text = "的敬"
	if common, rare := dot(vectorOf(t, text), vectorOf(t, "的")), dot(vectorOf(t, text), vectorOf(t, "敬")); rare < 2*common {
		t.Errorf("敬 counts %.3f and 的 %.3f", rare, common)
	}
}

func TestEmbedGivesZeroWithoutDirection(t *testing.T) {
	for _, text := range []string{"", " \n\t", "，。！？——", "😀🎉", "\x00\x7f", "\xff\xfe"} {
		v := vectorOf(t, text)
		if len(v) != embed.New().Dim() {
			t.Errorf("%q has %d values", text, len(v))
		}
		if slices.ContainsFunc(v, func(x float32) bool { return x != 0 }) {
			t.Errorf("%q has a vector that is not zero", text)
		}
	}
}

func TestEmbedKeepsOrderAndCount(t *testing.T) {
	texts := []string{"白塔镇", "", "柳溪镇", "白塔镇"}
	got, err := embed.New().Embed(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(texts) {
		t.Fatalf("%d vectors for %d texts", len(got), len(texts))
	}
	for i, text := range texts {
		if !slices.Equal(got[i], vectorOf(t, text)) {
			t.Errorf("vector %d is not that of %q", i, text)
		}
	}
	got[0][0] = 42
	if got[3][0] == 42 {
		t.Error("equal texts share a vector")
	}
}

func TestEmbedStopsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got, err := embed.New().Embed(ctx, []string{"白塔镇"})
	if !errors.Is(err, context.Canceled) || got != nil {
		t.Errorf("got %v, %v, want the context's error", got, err)
	}
}

// An index keeps vectors under the embedder's name. When this fails, vectors have
// changed: give the embedder another name, and then change the sum here.
func TestNameStandsForTheVectors(t *testing.T) {
	const (
		wantName = "static-256-v1"
		wantSum  = 0xb437988cef7797c3
	)
	sum := fnv.New64a()
	for _, text := range []string{"临江区2025年计划新建养老服务中心12个。", "云泽日报 A3版", "龘"} {
		for _, x := range vectorOf(t, text) {
			_ = binary.Write(sum, binary.LittleEndian, math.Float32bits(x)) // a hash never fails
		}
	}
	e := embed.New()
	if e.Name() != wantName || e.Dim() != 256 || sum.Sum64() != wantSum {
		t.Errorf("%s of dimension %d has sum %#x, want %s of 256 with %#x", e.Name(), e.Dim(), sum.Sum64(), wantName, uint64(wantSum))
	}
}

func FuzzEmbed(f *testing.F) {
	f.Add("临江区", "2025年")
	f.Add("", "，")
	f.Add("ＡＢ c", "的的的的")
	f.Add("\xe4\xb8", "\xff中")
	f.Fuzz(func(t *testing.T, a, b string) {
		v := vectorOf(t, a+"。"+b)
		length := math.Sqrt(dot(v, v))
		if zero := !slices.ContainsFunc(v, func(x float32) bool { return x != 0 }); !zero && !(math.Abs(length-1) < 1e-5) {
			t.Errorf("length is %v", length)
		}
		if !slices.Equal(v, vectorOf(t, b+"。"+a)) {
			t.Error("the order of sentences changes the vector")
		}
	})
}

// passage is about as long as the longest passages.
func passage() string {
	return strings.Repeat("云泽市2025年打算在临江区修三座养老院，沙湾街道再添两处食堂。", 8)
}

func BenchmarkEmbed(b *testing.B) {
	e := embed.New()
	texts := []string{passage()}
	b.SetBytes(int64(len(texts[0])))
	for b.Loop() {
		if _, err := e.Embed(b.Context(), texts); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		embed.New()
	}
}

func TestNeighbours(t *testing.T) {
	among := []string{"农机", "医疗", "改造", "住宅", "通车", "拖拉机", "教师", "医疗", "養老"}
	for _, tt := range []struct {
		word string
		want []string
	}{
		{"拖拉机", []string{"农机"}},
		{"看病", []string{"医疗"}},
		{"翻新", []string{"改造"}},
		{"老师", []string{"教师"}},
		{"老师傅傅", nil}, // learned as no word
		{"老人", []string{"養老"}},
		{"房价", nil},
		{"高铁", nil},
		{"", nil},
	} {
		if got := embed.New().Neighbours([]string{tt.word, "拖拉机"}, among); !slices.Equal(got[0], tt.want) || !slices.Equal(got[1], []string{"农机"}) {
			t.Errorf("%s: %v, want %v", tt.word, got, tt.want)
		}
	}
}
