package gazetteer

import "strings"

// suffix is a word that names of places end with.
type suffix struct {
	text  string
	level Level
	scope scope
}

// scope says when a suffix makes an unlisted name a place.
type scope uint8

const (
	// anyName: after whatever looks like a name.
	anyName scope = iota
	// listedOnly: after a listed place (洛阳高新区); before such a suffix stands as
	// often what a zone is for (碳中和示范区).
	listedOnly
	// never: 地区 begins everyday compounds, and a newspaper has no new province.
	never
)

// suffixes are tried in this order: a longer one before the one it ends with.
func suffixes() [18]suffix {
	return [18]suffix{
		{"经济技术开发区", LevelCounty, listedOnly}, {"经济开发区", LevelCounty, listedOnly},
		{"开发区", LevelCounty, listedOnly}, {"高新区", LevelCounty, listedOnly},
		{"经开区", LevelCounty, listedOnly}, {"示范区", LevelCounty, listedOnly},
		{"自治县", LevelCounty, anyName}, {"自治州", LevelCity, never}, {"自治区", LevelProvince, never},
		{"街道", LevelTown, anyName}, {"新区", LevelCounty, anyName}, {"地区", LevelCity, never},
		{"省", LevelProvince, never}, {"市", LevelCity, anyName}, {"县", LevelCounty, anyName},
		{"区", LevelCounty, anyName}, {"镇", LevelTown, anyName}, {"乡", LevelTown, anyName},
	}
}

// startsSuffix reports whether suffixes begin with r.
func startsSuffix(r rune) bool {
	switch r {
	case '经', '自', '开', '高', '示', '街', '新', '地', '省', '市', '县', '区', '镇', '乡':
		return true
	}
	return false
}

const (
	// neverInName are characters that hold sentences together; a candidate that
	// has one is no name. Those that known names also have (和, 上, 中, 内) count
	// when they stand between name and suffix or before the name, not here.
	neverInName = "的了与及或在到对向把被将于是等各全我你他她该此其每这那个们也就都且之不没着以让使从给要能两几暨起省市县区镇乡"
	// neverLast are characters before 区 市 镇 县 that make it a kind of place
	// (主产区, 先行区), not a name.
	neverLast = "产业务工作护能控禁验居住用公商学教校院厂园小社片场站楼房行级型色强散心点辖洪动聚贸税乐车源活国副团管会限污油股债汇币"
	// leadIn come right before the name of the place where something is.
	leadIn = "在到去赴于往自从至抵"
	// joiners stand between a name and other words.
	joiners = "年月日个了和与及或的对为将把向等是让使给被跟同按由"
	// neverFirst are those of them that never begin a longer name: 据东宁市 is 东宁市.
	neverFirst = "比较跟往访走去见年月日项家条名据经有由为和与及对给被叫属距离邻含如像按"
	// afterName are characters that a name's suffix is often followed by (区委,
	// 县政府, 镇党委, 区召开).
	afterName = "委政人党的召副将举纪"
	// maxBody is the most characters before a suffix of a name no list has.
	maxBody = 4
)

// breaks reports whether next makes a word with the suffix's last character:
// 区域 and 市场 are not a place and something.
func breaks(last, next rune) bool {
	if next == 0 {
		return false
	}
	switch last {
	case '区':
		return strings.ContainsRune("域间位划分块别级", next)
	case '市':
		return strings.ContainsRune("场值盈面集民级", next)
	case '乡':
		return strings.ContainsRune("村镇愁亲土贤音情下友", next)
	case '镇':
		return strings.ContainsRune("压定静痛江域", next)
	case '县':
		return next == '级'
	case '道':
		return strings.ContainsRune("理德具", next)
	}
	return false
}

// afterAlone are characters and words' beginnings that may follow a short form
// which has to stand by itself: particles, verbs of being, words of time.
const afterAlone = "的呢吗和与及或有是在将今去明前昨到对等省市县区"

// organisations follow a place's short form directly in the name of something
// that is not the place. 路 and 大道 are roads, in whatever city.
const organisations = "大学 学院 银行 时代 医院 日报 晚报 晨报 时报 商报 电视台 集团 公司 证券 时间 大道 " +
	"东路 西路 南路 北路 中路 路 卫视 队 钢铁 重工 汽车 农商 啤酒 铁路局 中医药大学"

// institutions end names that a short form begins with at some distance (北京…
// 大学): maxInName characters at most between, all Han and no joiner.
const institutions = "大学 学院 医院 银行 集团 公司 日报 研究院 研究所 中学 小学 幼儿园 法院 检察院 协会"

const maxInName = 8

// doings within that distance tell that the place does something to the
// institution, or that the institution is one of several there.
const doings = "召开 举行 推动 加快 建设 新建 推进 举办 建成 首家 首个 多家 各 市 区 县"
