package lexical

import "strings"

// stopList are words that say nothing of what a text is about: particles,
// pronouns, conjunctions, and the words that questions are asked with. A
// question word is rare in print, so that its idf would outweigh the topic.
const stopList = `
的 了 着 过 地 得 之 所 者 们 吗 呢 吧 啊 呀 么 嘛 哦 哈 嗯 啦
我 你 您 他 她 它 咱 我们 你们 您们 他们 她们 它们 咱们 自己 大家 本人
这 那 此 其 该 这个 那个 这些 那些 这里 那里 这儿 那儿 这样 那样 这么 那么 其中 其他 此外 另外
和 与 及 或 而 且 并 以 但 则 即 以及 及其 并且 而且 或者 但是 不过 因为 因此 所以 由于 如果 虽然 同时 然后
在 于 从 向 往 到 由 对 对于 关于 把 被 让 给 为 为了 按 按照 根据 通过 随着 作为 比 将
是 有 不 没 没有 也 都 就 又 还 很 更 最 太 再 才 只 便 仍 已 已经 正在 曾 会 能 能够 可 可以 要 应 应该
等 个 位 种 些 一 一个 一些 一种 一下 一样 一直 上 下 中 里 内 外 前 后 时 年 月 日
什么 甚么 哪 哪个 哪些 哪里 哪儿 哪年 谁 怎 怎么 怎么样 怎样 怎么办 如何 为何 为什么 多少 几 几个 何 何时 何地 是否 是不是 有没有 有什么
请 请问 问 问一下 知道 告诉 告诉我 想 想知道 了解 一下子 介绍 谈谈 说说 讲讲 说 称 表示
`

func stopWords() map[string]bool {
	stop := make(map[string]bool)
	for _, w := range strings.Fields(stopList) {
		stop[w] = true
	}
	return stop
}
