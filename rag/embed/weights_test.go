package embed_test

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"testing"

	"wenbao/rag/embed"
)

// tiny are weights of three words and one shared row, of sixteen values each.
func tiny(t testing.TB, values func(word string, i int) float32) []byte {
	t.Helper()
	words := []string{"柳", "溪", "柳溪"}
	keys := make([]uint32, len(words))
	for i, w := range words {
		key, ok := embed.Key(w)
		if !ok {
			t.Fatalf("%q has no key", w)
		}
		keys[i] = key
	}
	v, err := embed.NewVocabulary(keys, 1)
	if err != nil {
		t.Fatal(err)
	}
	all := make([]float32, v.Rows()*16)
	for i, w := range append(words, "") {
		row := uint32(v.Rows() - 1)
		if w != "" {
			row, _ = v.Row(keys[i])
		}
		for j := range 16 {
			all[int(row)*16+j] = values(w, j)
		}
	}
	b, err := embed.Encode(v, 16, all)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func decode(t testing.TB, b []byte) *embed.Static {
	t.Helper()
	s, err := embed.Decode("tiny", b)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// axes gives each word a direction of its own, and 柳溪 three times the length.
func axes(word string, i int) float32 {
	at := map[string]int{"柳": 0, "溪": 1, "柳溪": 9, "": 15}[word]
	switch {
	case i != at:
		return 0
	case word == "柳溪":
		return -3
	}
	return 1
}

func TestDecodedSumsTheVectorsOfItsWords(t *testing.T) {
	s := decode(t, tiny(t, axes))
	tests := []struct {
		text string
		want [16]float64 // before it is scaled to length 1
	}{
		{"柳", [16]float64{0: 1}},
		{"柳柳", [16]float64{0: 2}},
		{"溪，柳", [16]float64{0: 1, 1: 1}},
		{"柳溪", [16]float64{0: 1, 1: 1, 9: -3}},
		{"柳溪镇", [16]float64{0: 1, 1: 1, 9: -3, 15: 1}}, // 镇 has the shared row
		{"abc", [16]float64{15: 1}},
		{"，", [16]float64{}},
	}
	for _, tt := range tests {
		vectors, err := s.Embed(t.Context(), []string{tt.text})
		if err != nil {
			t.Fatal(err)
		}
		length := 0.0
		for _, x := range tt.want {
			length += x * x
		}
		for i, x := range tt.want {
			if length > 0 {
				x /= math.Sqrt(length)
			}
			if math.Abs(float64(vectors[0][i])-x) > 1e-3 {
				t.Errorf("%q: value %d is %.4f, want %.4f", tt.text, i, vectors[0][i], x)
			}
		}
	}
}

// A text of so many words runs over 32 bits unless sums are moved in between.
func TestDecodedSumsLongTexts(t *testing.T) {
	s := decode(t, tiny(t, func(string, int) float32 { return 1 }))
	long := make([]rune, 100_000)
	for i := range long {
		long[i] = '柳'
	}
	vectors, err := s.Embed(t.Context(), []string{"柳", string(long)})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(vectors[0], vectors[1]) {
		t.Errorf("one word gives %v, 100,000 times the word %v", vectors[0], vectors[1])
	}
}

func TestEncodeRefuses(t *testing.T) {
	v, err := embed.NewVocabulary([]uint32{1}, 1)
	if err != nil {
		t.Fatal(err)
	}
	nan := float32(math.NaN())
	tests := []struct {
		name   string
		dim    int
		values []float32
	}{
		{"too few values", 16, make([]float32, 16)},
		{"a dimension that is no multiple of sixteen", 24, make([]float32, 48)},
		{"nothing but zeros", 16, make([]float32, 32)},
		{"no number", 16, slices.Repeat([]float32{nan}, 32)},
	}
	for _, tt := range tests {
		if b, err := embed.Encode(v, tt.dim, tt.values); err == nil {
			t.Errorf("%s: %d bytes and no error", tt.name, len(b))
		}
	}
	if _, err := embed.NewVocabulary([]uint32{7, 7}, 1); err == nil {
		t.Error("a vocabulary holds a key twice")
	}
	if _, err := embed.NewVocabulary(nil, 0); err == nil {
		t.Error("a vocabulary has no shared row")
	}
}

func TestDecodeRefuses(t *testing.T) {
	good := tiny(t, axes)
	changed := func(at int, to uint32) []byte {
		b := slices.Clone(good)
		binary.LittleEndian.PutUint32(b[at:], to)
		return b
	}
	tests := map[string][]byte{
		"nothing":             nil,
		"a header alone":      good[:16],
		"another magic":       changed(0, 0),
		"dimension 0":         changed(4, 0),
		"dimension 24":        changed(4, 24),
		"a huge dimension":    changed(4, math.MaxUint32),
		"a key too many":      changed(8, 4),
		"huge keys":           changed(8, math.MaxUint32),
		"no shared row":       changed(12, 0),
		"a slot beyond":       changed(16+4*(1<<16), 4),
		"a slot that is less": changed(16, 1),
		"a byte less":         good[:len(good)-1],
		"a byte more":         append(slices.Clone(good), 0),
	}
	for name, b := range tests {
		if _, err := embed.Decode("tiny", b); !errors.Is(err, embed.ErrWeights) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestKey(t *testing.T) {
	for _, text := range []string{"柳", "柳溪", "柳溪镇里", "abc", "5G", "2025"} {
		if _, ok := embed.Key(text); !ok {
			t.Errorf("%q has no key", text)
		}
	}
	for _, text := range []string{"", "，", "柳溪镇里的", "5G网", "a b"} {
		if key, ok := embed.Key(text); ok {
			t.Errorf("%q has key %#x", text, key)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte{}, "柳溪", uint32(0), byte(0))
	f.Add([]byte("WBE1"), "", uint32(16), byte(255))
	f.Add([]byte{}, "柳", uint32(262163), byte(7))
	f.Add([]byte{}, "溪镇 a1", uint32(11), byte(1))
	good := tiny(f, axes)
	f.Fuzz(func(t *testing.T, b []byte, text string, at uint32, to byte) {
		if len(b) == 0 { // one byte of good weights is changed
			b = slices.Clone(good)
			b[int(at)%len(b)] = to
		}
		s, err := embed.Decode("fuzzed", b)
		if err != nil {
			if !errors.Is(err, embed.ErrWeights) {
				t.Errorf("error %v", err)
			}
			return
		}
		vectors, err := s.Embed(t.Context(), []string{text})
		if err != nil {
			t.Fatal(err)
		}
		length := math.Sqrt(dot(vectors[0], vectors[0]))
		if len(vectors[0]) != s.Dim() || length != 0 && !(math.Abs(length-1) < 1e-5) {
			t.Errorf("%d values of length %v from an embedder of dimension %d", len(vectors[0]), length, s.Dim())
		}
	})
}
