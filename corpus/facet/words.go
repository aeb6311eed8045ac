package facet

// mark is what a word says about its clause.
type mark uint8

const (
	markNone   mark = iota
	markPlan        // something is going to be done
	markSoon        // 即将: about to happen, also told of in reports of results
	markSoft        // a programme's verb, at the head of a clause only
	markDone        // something has happened, for certain
	markResult      // a verb of result: certain with a figure beside it
	markState       // an opinion, a demand, a definition
	markPast        // a time that has been: what it is told of is a result
	markEvent       // something that takes place on a day
)

// kindWords are the words behind Kind, by mark, separated by blanks. Where two
// begin at the same character the longer one counts.
func kindWords() map[mark]string {
	return map[mark]string{
		// Words that contain one of the others and say nothing themselves, and
		// fixed phrases in which 将 or 了 tells no time.
		markNone: `将军 将领 将近 大将 干将 名将 即将到来 为了 除了 了解 了然 了如指掌 不了 罢了 了不起 未了 了却
			达州 到达 发达 表达 传达 下达 达成共识 已知 不得已 而已 拟定 模拟 虚拟 拟人 通达 直达 雷达 马达 畅达
			行动计划 发展计划 工作计划 计划生育 计划单列 国民经济和社会发展计划 年度计划
			收入 投入产出 目标任务 目标责任 目标考核 完成时限 增长极 增长点 增长引擎 经济增长 稳增长
			建成区 完成率 实现路径 突破口 突破点 获得感 共同 共享 共建 共产党 公共 获得先机 签约仪式`,
		// Auxiliaries and nouns of intent.
		markPlan: `将 力争 争取 计划 拟 下一步 下一阶段 下步 接下来 今后 未来三年 未来五年 未来几年 未来一年 目标是 任务是 明年 来年
			新的一年 努力把 努力实现 到时候 届时 将于 将在 打算 定于 将把 还将 也将`,
		markSoon: `即将 正在 加紧 预计 有望 预期`,
		// The verbs and adverbs that the clauses of a work programme begin with.
		markSoft: `加快 加速 加大 加强 加力 推动 推进 推广 推行 强化 深化 优化 细化 美化 亮化 绿化 完善 健全 构建 打造 建好 用好 做好 抓好
			做大 做强 做优 做精 做实 抓实 办好 管好 实施 开展 支持 鼓励 引导 统筹 聚焦 围绕 紧盯 紧扣 紧抓 培育 壮大 提升 促进 发展 创新 开工
			启动 高标准 高质量 高水平 高起点 高效 持续 积极 大力 全面 全力 扎实 深入 切实 坚决 坚持 稳步 有序 有效 不断 进一步 更好 更加 努力
			依托 盘活 扩大 接续 防范 化解 强力 突出 抢抓 筑牢 守牢 守住 坚守 兜牢 整合 保障 落实 严格 严厉 着力 重点 精准 科学 主动 充分
			拓宽 拓展 丰富 改善 改造 改革 提高 增强 增加 建立 建设 创建 争创 引进 招引 培养 编制 制定 出台 完成 巩固 延伸 推出 探索 狠抓 狠下
			维护 破解 把 以 新建 改建 扩建 集中 规范 倡导 发挥 注重 立足 锚定 瞄准 转型 融入 参与 快速 力推 压实 夯实 激发 释放 挖掘 传承 保护 严守
			逐步 分类 分批 实现 形成 带动 助力 确保 奋力 力促 力保 规划建设 谋划建设 深度 融合 吸纳 建强 引育 攻坚 深耕 守护 稳住 扩建 紧跟 增进 狠抓 走好 擦亮 唱响 让 使 确定 强调 注重 组织 动员 谋划 抓住 凝聚 汇聚 搭建 畅通 打通 补齐 补足 织密 织牢 用足 升级 支撑`,
		// Aspect, adverbs of the past, and verbs that nobody plans with.
		markDone: `争取到 筹集到 已 已经 均已 业已 了 过去 曾 累计 先后 同比 较上年 比上年 环比 获批 荣获 荣膺 获评 获国家 获省 跻身 入选 位居 位列 居全 被评 被授予
			被列入 被认定 成功 圆满 顺利 取得 迈出 呈现 涌现 日益 显现 初显 凸显 见效 再创新高 创历史新高 名列 成为 成长为 排名 进驻 落户 获省部级
			获国 获奖 走在前列的 实现当年 由此 当天 持续向好 稳中有进 成果丰硕 硕果累累`,
		// Verbs of result that programmes use too (建成投用, 达到): a figure decides.
		markResult: `建成 新增 完成 实现 达 达到 超 超过 投产 投用 投入使用 投入运营 增长 下降 减少 提高 提升 突破 吸引 签约 安置 打通 新建 改造 完工 竣工
			通车 封顶 落地 共 共有 总投资 营收 销售 惠及 覆盖 接待 建有 拥有 整治 修复 发放 培训 帮助 引进 重奖 增至 升至 降至 带动 开工 收官
			交付 交房 验收 创建 支出 产值 税收 成交额 关联 运行 运营 全年 占 获得 更换 加装 新开 新装 新设 新签 种植 检修 放映`,
		// Modal demands, definitions and judgements: neither done nor promised.
		markState: `必须 要看到 应当 应该 就是 就要 就能 就会 才能 只有 唯有 意味着 我们要 要深刻 要始终 离不开 蕴含 藏着 指明了 指明 明确了路径 锁定了目标
			是对 将为 注入强大动力 注入动力 提供了遵循 提供遵循 奠定了 的必然 既是 也是 不是 而是 在于 需要 理应 务必 切忌 贵在 重在 关键是 日日新 呼之欲出`,
		markPast:  `近年来 过去 以来 去年 前年 目前 截至 多年来 这些年 上半年 前三季度 一年来 截止`,
		markEvent: `召开 举行 举办 揭牌 开工 启动 开幕 闭幕 签约 发布 走进 来到 赴 调研 获悉 主持 出席 开展 启用 开业 开园 开跑 开通 落成 通车 亮相 开诊 上线 投运 开馆 开张 合龙`,
	}
}

const (
	// openers may stand before the subject or the verb of a clause.
	openers = `目前 同时 此外 其中 下一步 接下来 近年来 据介绍 据悉 据了解 今年以来 去年以来 一方面 另一方面 一是 二是 三是 四是 五是 六是 并 且 还 也 又
		首先 其次 再次 最后 尤其是 特别是 当前 截至目前 眼下 如今 今后 未来 对此 为此 因此 在此基础上 到 至 在 当时 当天 随后 而 则 我们 本报讯 ■ ● ◆ 1. 2. 3. 4. 5. （ ）( )`
	// notActing, right after a place, say that it does not act: it owns (的) or is
	// part of the name of something that lies there.
	notActing = `的 等地 等 基地 院区 产业园 新能源 国际 实验 开发公司 智慧岛 项目 企业 地区 境内 方言 籍 一带 前列 率先 领先 走在前 第一 排名 经济社会发展计划`
	// doing are the words after a place that show it acting.
	doing = `将 已 召开 举行 出台 印发 实现 新增 全年 累计 去年 今年 明年 坚持 要 有 加快 推进 启动 完成 成为 获 入选 新建 建成 共 现 ， ,`
	// paperKinds end the names of newspapers; what stands before is their place.
	paperKinds = `日报 晚报 晨报 早报 午报 都市报 时报 商报 广播电视报 融媒 发布 新闻网 网`
	// nationalPapers have a short form before the kind that is no city.
	nationalPapers = `人民日报 光明日报 经济日报 解放日报 农民日报 法治日报 工人日报 科技日报 新民晚报 新华日报 大众日报 南方日报 羊城晚报 证券时报 环球时报 参考消息 第一财经日报 中国日报 文汇报 齐鲁晚报 长江日报 长江商报 楚天都市报 潇湘晨报 新京报 华商报`
	// issuers end the name of an office that issued an article (临江宣).
	issuers = `宣传部 融媒体中心 融媒 网信办 宣 发布`
)

// planHeadings are words of headings under which plans stand.
func planHeadings() []string {
	return []string{"总体要求", "目标任务", "重点任务", "主要任务", "工作安排", "工作任务", "工作打算", "工作计划", "预期目标", "主要目标", "下一步", "明年", "这么干", "怎么干", "工作思路", "工作要点"}
}

// resultHeadings are words of headings under which results stand.
func resultHeadings() []string {
	return []string{"成效", "成绩", "步伐", "回顾", "成果", "亮点", "工作总结", "交出", "答卷", "新突破", "晒出", "盘点", "工作情况"}
}

const (
	// predicates end headings of results.
	predicates = `成势 成效显著 日新月异 有力有效 有力有序 走深走实 提质增效 稳中有进 稳中向好 稳步向好 持续向好 蓬勃发展 方兴未艾 显著 明显 凸显 显现 加速 提速
		见效 可感可及 成色更足 底色更亮 蒸蒸日上 硕果累累 有声有色 亮点纷呈 再上台阶 迈上新台阶 明显增强 显著提升 全面起势 势头强劲 更有保障 更加殷实`
	// predicateAdverbs make a predicate with the verb of two characters after them.
	predicateAdverbs = `不断 持续 日益 日趋 稳步 显著 明显 全面 加速 更加 逐步 大幅 有效 有序`
)

const (
	// speechVerbs follow the one who speaks.
	speechVerbs = `表示 说 介绍 指出 认为 坦言 告诉 强调 透露 谈到`
	// posts end the name of an office or a rank that a person's name follows.
	posts = `书记 副书记 局长 副局长 主任 副主任 主席 副主席 县长 副县长 区长 副区长 市长 副市长 省长 副省长 镇长 副镇长 乡长 州长 厅长 副厅长 部长 副部长
		处长 科长 股长 所长 副所长 站长 院长 副院长 校长 副校长 园长 馆长 社长 台长 队长 行长 会长 副会长 秘书长 董事长 总经理 副总经理 总裁 经理 厂长
		负责人 工作人员 发言人 教授 研究员 专家 院士 医生 护士 老师 教师 代表 委员 检察长 庭长 村主任 支书 居民 村民 市民 群众 农户 种植户 老人 家长 店主 老板
		总工程师 工程师 技术员 主编 理事长 组长 指挥长 总监 创始人`
	// doubleSurnames are looked for before the single ones.
	doubleSurnames = `欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 令狐 慕容 长孙 宇文 司徒 司空 夏侯 端木 轩辕 独孤 南宫 百里 呼延 东郭 西门 澹台 公冶 宗政 濮阳 淳于 单于 申屠 仲孙 钟离 鲜于 闾丘 亓官 太史 完颜 纳兰`
	// singleSurnames are those of the Book of Family Names and the rarer ones
	// met in lists of officials (仝, 逯, 亓 …).
	singleSurnames = `赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍郤璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公仉督岳帅缑亢况郈有琴归海晋楚闫法汝鄢涂钦商牟佘佴伯赏墨哈谯笪年爱阳佟言福仝亓苟肖付代闪冼占户母买买苑鹿哈逮覃揭迟邸初车扆沐么蔄卯盘展牙线念来禤粟操由才`
)
