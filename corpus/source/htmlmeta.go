package source

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/width"

	"wenbao/corpus"
	"wenbao/corpus/zh"
)

// aboutPage is what a web page says of itself, all on one line each and the
// first of each kind.
type aboutPage struct {
	// named holds the content of <meta> by lower-case name, property or itemprop,
	// of <time>, and of the founder-… elements and enpproperty fields that
	// e-paper systems write, by tag.
	named    map[string]string
	headline string // <title>
	h1       string // the only h1, "" where there are several
}

// enpProperty begins the comment in which one e-paper system puts an article's
// fields, as elements.
const enpProperty = "enpproperty"

// collect reads doc as it was parsed, hidden parts included.
func collect(doc *html.Node) aboutPage {
	about := aboutPage{named: map[string]string{}}
	headings := 0
	for n := range doc.Descendants() {
		switch {
		case n.Type == html.CommentNode:
			if fields, found := strings.CutPrefix(strings.TrimSpace(n.Data), enpProperty); found {
				about.addFields(fields)
			}
		case n.Type != html.ElementNode:
		case n.DataAtom == atom.Meta:
			for _, key := range []string{"name", "property", "itemprop"} {
				about.add(attr(n, key), attr(n, "content"))
			}
		case n.DataAtom == atom.Time:
			about.add("time", attr(n, "datetime"))
		case n.DataAtom == atom.Title && about.headline == "" && n.Namespace == "":
			about.headline = textOf(n)
		case n.DataAtom == atom.H1 && textOf(n) != "":
			about.h1 = textOf(n)
			headings++
		case strings.HasPrefix(n.Data, "founder-") && n.Data != "founder-content":
			about.add(n.Data, textOf(n))
		}
	}
	if headings > 1 {
		about.h1 = ""
	}
	return about
}

func (a *aboutPage) add(name, value string) {
	name, value = strings.ToLower(strings.TrimSpace(name)), oneLine(value)
	if name != "" && value != "" && a.named[name] == "" {
		a.named[name] = value
	}
}

// addFields reads <date>…</date><title>…</title> and the like.
func (a *aboutPage) addFields(fields string) {
	for {
		_, rest, found := strings.Cut(fields, "<")
		name, rest, closed := strings.Cut(rest, ">")
		if !found || !closed {
			return
		}
		fields = rest
		if value, rest, found := strings.Cut(rest, "</"+name+">"); found {
			a.add(enpProperty+" "+name, html.UnescapeString(value))
			fields = rest
		}
	}
}

// first is the value of the first name that has one.
func (a *aboutPage) first(names ...string) string {
	for _, name := range names {
		if value := a.named[name]; value != "" {
			return value
		}
	}
	return ""
}

func (a *aboutPage) title() string {
	if t := a.first("founder-title", "enpproperty title", "articletitle"); t != "" {
		return t
	}
	headline := withoutSite(a.headline)
	isSite := isNewspaper(a.h1) || strings.Contains(a.headline, a.h1) && !strings.Contains(headline, a.h1)
	if a.h1 != "" && !isSite {
		return a.h1
	}
	if t := a.first("og:title"); t != "" {
		return withoutSite(t)
	}
	return headline
}

// printed are the lines printed beside the title that are not in the content.
func (a *aboutPage) printed() []string {
	var lines []string
	for _, line := range []string{
		a.first("founder-introtitle", "enpproperty introtitle"),
		a.first("founder-subtitle", "enpproperty subtitle"),
		a.first("founder-author", "enpproperty author"),
	} {
		if line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

func (a *aboutPage) meta() corpus.Meta {
	var m corpus.Meta
	for _, name := range []string{
		"founder-date", "enpproperty date", "publishdate", "pubdate", "publish_date", "publish-date", "publishtime",
		"article:published_time", "og:published_time", "og:release_date", "weibo:article:create_at",
		"datepublished", "dc.date", "dc.date.issued", "dcterms.date", "date", "time",
	} {
		if d, ok := parseDate(a.named[name]); ok && !d.IsZero() {
			m.Date = d
			break
		}
	}
	m.Newspaper = paperName(a.first("founder-papername", "newspaper", "contentsource", "source", "mediaid", "og:site_name"))
	if edition, ok := parseEdition(a.first("edition", "founder-node", "enpproperty nodename")); ok {
		m.Edition = edition
	}
	return m
}

// paperName takes off what sites put around a newspaper's name.
func paperName(s string) string {
	s = trimPrefix(trimPrefix(s, "来源："), "来源:")
	s = strings.Trim(strings.TrimSpace(s), "《》")
	for _, suffix := range []string{"数字报", "电子报", "电子版", "多媒体"} {
		if name := strings.TrimRight(trimSuffix(s, suffix), separators); isNewspaper(name) {
			return name
		}
	}
	if strings.Contains(s, "://") {
		return ""
	}
	return s
}

// withoutSite takes a newspaper's name off the front of a title and the site's
// names off its end: 云泽日报数字报-开新局, 开新局_云泽日报 - 云泽网.
func withoutSite(title string) string {
	if i := strings.IndexAny(title, "_-|－｜"); i > 0 && isNewspaper(paperName(title[:i])) {
		_, size := utf8.DecodeRuneInString(title[i:])
		title = strings.TrimSpace(title[i+size:])
	}
	for {
		i := strings.LastIndexAny(title, "_-|－｜")
		if i <= 0 {
			return title
		}
		_, size := utf8.DecodeRuneInString(title[i:])
		if !isSiteName(strings.TrimSpace(title[i+size:])) {
			return title
		}
		title = strings.TrimRight(title[:i], separators+"|－｜")
	}
}

func isSiteName(s string) bool {
	s = zh.Simplified(s)
	for _, suffix := range []string{"报", "网", "版", "新闻", "频道", "客户端", "政府", "平台", "中心", "融媒"} {
		if strings.HasSuffix(s, suffix) {
			return true
		}
	}
	return false
}

// maxImprintRunes is the length of the longest line taken for an imprint or a byline.
const maxImprintRunes = 60

// imprint reads a line that says where and when an article was published, such as
// 《云泽日报》（2024年12月31日 第03版） or 发布时间：2024-12-31 来源：云泽日报. Only
// a line with a day and, beside it, an edition or the word 发布 or 来源 counts.
func imprint(line string) (corpus.Meta, bool) {
	if utf8.RuneCountInString(line) > maxImprintRunes {
		return corpus.Meta{}, false
	}
	line = width.Fold.String(line)
	var m corpus.Meta
	for i := range line {
		if i > 0 && (isDigit(line[i-1]) || isLetter(line[i-1])) {
			continue
		}
		if d, _, ok := datePrefix(line[i:]); ok && m.Date.IsZero() {
			m.Date = d
		}
		if edition, _, marked := editionPrefix(line[i:]); marked && m.Edition == "" {
			m.Edition = edition
		}
	}
	for name := range strings.FieldsFuncSeq(line, func(r rune) bool { return strings.ContainsRune("《》():： \t", r) }) {
		if m.Newspaper == "" && isNewspaper(name) {
			m.Newspaper = name
		}
	}
	read := zh.Simplified(line)
	_, from, labelled := strings.Cut(read, "来源:")
	if fields := strings.Fields(line[len(line)-len(from):]); labelled && m.Newspaper == "" && len(fields) > 0 {
		m.Newspaper = paperName(fields[0])
	}
	published := labelled || strings.Contains(read, "发布时间:") || strings.Contains(read, "发布日期:")
	return m, !m.Date.IsZero() && (published || m.Edition != "")
}
