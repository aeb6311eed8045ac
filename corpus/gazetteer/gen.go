//go:build ignore

// Command gen writes data/counties.txt and data/words.txt out of the
// simplified Chinese dictionary of github.com/go-ego/gse (Apache-2.0; its
// Chinese words come from fxsjy/jieba, MIT):
//
//	go run gen.go -dict "$(go list -m -f '{{.Dir}}' github.com/go-ego/gse)/data/dict/zh/s_1.txt"
//
// A line of that file is "word frequency tag"; the tag ns marks places.
package main

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"log"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	// minWord is how often a two-character word has to be counted to be used
	// as evidence of a word boundary: 300 keeps about 9,000 words.
	minWord = 300
	// minCompound is the same for a word that ends in a suffix of places (片区,
	// 园区): the rarest of these still are not places.
	minCompound = 3
	// minShort is how often a short form has to be counted, as a place, to be
	// an alias of its county by itself.
	minShort = 10
)

const header = "# %s\n# Made by gen.go out of the dictionary data/dict/zh/s_1.txt of\n# github.com/go-ego/gse (Apache-2.0), whose Chinese words come from\n# github.com/fxsjy/jieba (MIT). Do not edit by hand.\n"

// noise are entries tagged as places that are none.
var noise = strings.Fields(`五县 各县 外县 大县 中县 地县 同县 镇县 东县 山县 郡县 峡县 田县 依通县
	各市县 各省县 各县区 各县市 各省市 两省区 百强县 十强县 外省市 非上市 大都市 大城市 大中城市
	东北区 东南区 中南区 西南区 西北区 华东区 华南区 华北区 远东区 亚太区 东亚区 欧元区 欧洲区 亚洲区
	无人区 中立区 重丘区 山丘区 半山区 深山区 近山区 冬麦区 高原区 赤道区 黑人区 三角区 陆地区 都市区
	上半区 下半区 包干区 中心区 旧城区 老城区 苏占区 绥靖区 南极区 北极区 滨海区 科教兴市 三街六市 六街三市
	潜山隐市 日中为市 朝衣东市 柳营花市 柳衢花市 花街柳市 大行大市 大发利市 村山富市 珠宝市 大黄山市
	夏门市 荷泽市 余桃市 绥汾河市 叙浦县 孚山县 恒曲县 西珠市 海外乡 大牛市 湖南长沙市 两城镇
	宁乡 家乡 老家乡 侨乡 名镇 古镇 胡志明市 各乡镇`)

// notShort are short forms of places that are everyday words, though the
// dictionary has them as places only.
var notShort = strings.Fields(`新建 东方 开发 南部 大方 通过`)

type word struct {
	text string
	freq int
	tag  string
}

func main() {
	dict := flag.String("dict", "", "gse's s_1.txt")
	flag.Parse()
	words, err := read(*dict)
	if err != nil {
		log.Fatal(err)
	}
	if err := write("data/words.txt", "Common words of two characters: evidence of where a name cannot begin or end.", common(words)); err != nil {
		log.Fatal(err)
	}
	if err := write("data/counties.txt", "Counties, districts, county-level cities, towns: name, then a tab, a tab and its short form where that is in use.", counties(words)); err != nil {
		log.Fatal(err)
	}
}

func read(path string) ([]word, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []word
	for sc := bufio.NewScanner(f); sc.Scan(); {
		fields := strings.Fields(sc.Text())
		if len(fields) != 3 {
			continue
		}
		n, err := strconv.Atoi(fields[1])
		if err != nil {
			return nil, fmt.Errorf("read dictionary: %w", err)
		}
		out = append(out, word{fields[0], n, fields[2]})
	}
	return out, nil
}

const suffixes = "市县区镇乡"

func isHan(s string) bool {
	for _, r := range s {
		if r < 0x4e00 || r > 0x9fff {
			return false
		}
	}
	return true
}

func common(words []word) []string {
	var out []string
	for _, w := range words {
		if utf8.RuneCountInString(w.text) != 2 || !isHan(w.text) {
			continue
		}
		last, _ := utf8.DecodeLastRuneInString(w.text)
		compound := strings.ContainsRune(suffixes, last) && !strings.HasSuffix(w.text, "县")
		name := w.tag == "ns" || strings.HasPrefix(w.tag, "nr")
		if compound && w.freq >= minCompound || !name && w.freq >= minWord {
			out = append(out, w.text)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func counties(words []word) []string {
	freq := map[string]int{}
	places := map[string]int{}
	for _, w := range words {
		freq[w.text] = w.freq
		if w.tag == "ns" {
			places[w.text] = w.freq
		}
	}
	generic := map[string]bool{}
	for _, w := range common(words) {
		generic[w] = true
	}
	var out []string
	for _, w := range words {
		runes := []rune(w.text)
		n := len(runes)
		if w.tag != "ns" || n < 2 || !isHan(w.text) || !strings.ContainsRune(suffixes, runes[n-1]) || slices.Contains(noise, w.text) {
			continue
		}
		body := string(runes[:n-1])
		switch {
		case n == 2 && runes[1] != '县':
			continue
		case n > 2 && generic[string(runes[n-2:])], generic[body] && !(places[body] > 0):
			continue
		case n > 5 && !strings.HasSuffix(w.text, "自治县"):
			continue
		}
		line := w.text
		if n == 3 && places[body] >= minShort && !generic[body] && !slices.Contains(notShort, body) && strings.ContainsRune("市县", runes[n-1]) {
			line += "\t\t" + body + "~"
		}
		out = append(out, line)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func write(path, what string, lines []string) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, header, what)
	for _, l := range lines {
		b.WriteString(l + "\n")
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}
