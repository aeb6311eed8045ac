package embed

import "math"

// common are the 600 characters that stand in most pieces of 200 characters of
// Chinese news, the most common first, counted over 31,350 such pieces.
const common = "" +
	"的在一中人和为大发国有日了上行新年时动出以全不是进月来对多作会成家等地生到方开现个于力公部展前高要工" +
	"业实同区将关下主市能通分经过民加合体用示提表这重后网与化员面者长理建场更平务联自近持报入据天内定机道" +
	"息强事本及目心安任保次期其量产间当可法们题文度共并推设消我外好交政视记也此今之明资系点向活相已正最总" +
	"他查续应电情原信看利标社责制还式美小元至水位回数得布学万从就计海名受性各代台特解调局闻金子第起程所流" +
	"两三导意基源立该增指领北被央供接统造品运步比深服项门组创管称如都广路着结达支处问升手说播完传施里物南" +
	"编司东车收而求线科参打集众规议引带西二质果风技取际无队因办常治举级院件告快色省决由防首超辑十战但商护" +
	"习注域专显预确委转口警放华案团未精备需效然党让济整认企山种助投营单影态城书环群州包积京身周气极做构准" +
	"军况研术知使去四约感境别形优亿斯格江界游协获型响节球图返户非坚改搜复先落站费断育速价没直证反少势列致" +
	"容请些或维观宣织给根世降客张友限走义识头见类益险变教选策想范率村号空监采具围易克尔清府模志热值装边狐" +
	"严每条河随份老始权青验话拉很频段声继划排历均双负命功置官亚席五李己即神击再愿较望样核股论连把兴切难互" +
	"马真突括额居融女低依米干充讯医财存只王障德何救款县稳爱余光健往媒属究普检促急紧午考片介控措仅配批红截" +
	"象季智福林职终士景百送火料半农略照则史旅破善字挥雨测便乐满师承晚航兰启害园足离讲绍密届执载涉除某乡争"

// Weights count hundredths of the natural logarithm of how rare a thing is: of one
// over the share of pieces of 200 characters that it stands in.
const (
	// Measured, these logarithms grow about as the root of a character's place in
	// the order: 0.19 at place 0, 0.85 at 10, 1.64 at 100, 2.38 at 300, 3.18 at 600.
	firstWeight = 20
	rootWeight  = 13
	// rareWeight is for the characters beyond: a few in a thousand in running text.
	rareWeight = 340
	// wordWeight is for a word of letters or digits, which is about as telling as
	// two rare characters.
	wordWeight = 600
	// singleShare divides the weight of a character by itself. Pairs are what
	// tells passages apart; single characters help where words differ in one.
	singleShare = 3
)

// The characters of the Unicode block CJK Unified Ideographs, which common lies in.
const (
	firstHan = 0x4e00
	lastHan  = 0x9fff
)

// hanWeights gives the weight of each character from firstHan to lastHan.
func hanWeights() []uint16 {
	weights := make([]uint16, lastHan-firstHan+1)
	for i := range weights {
		weights[i] = rareWeight
	}
	place := 0
	for _, r := range common {
		weights[r-firstHan] = firstWeight + uint16(rootWeight*math.Sqrt(float64(place)))
		place++
	}
	return weights
}
