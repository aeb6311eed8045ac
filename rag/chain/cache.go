package chain

import (
	"container/list"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync"

	"wenbao/rag"
)

// Cache keeps the answers given last, by what they were made of. A nil *Cache
// keeps nothing. It is safe for concurrent use; the answers in it are shared and
// must not be changed.
type Cache struct {
	mu      sync.Mutex
	max     int
	order   *list.List // of *entry, the one used last in front
	byKey   map[string]*list.Element
	cleared int // how often
}

type entry struct {
	key    string
	answer rag.Answer
}

// NewCache returns a Cache of at most max answers, 1 or more.
func NewCache(max int) *Cache {
	return &Cache{max: max, order: list.New(), byKey: map[string]*list.Element{}}
}

// Clear drops all answers, and those that are being written now. They hold what
// somebody asked.
func (c *Cache) Clear() {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.order.Init()
	clear(c.byKey)
	c.cleared++
}

// get gives the answer of a key. An answer that is now to be written because there
// is none can be put as long as the cache was cleared no more often.
func (c *Cache) get(key string) (a rag.Answer, cleared int, ok bool) {
	if c == nil {
		return rag.Answer{}, 0, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.byKey[key]
	if !ok {
		return rag.Answer{}, c.cleared, false
	}
	c.order.MoveToFront(e)
	return e.Value.(*entry).answer, c.cleared, true
}

func (c *Cache) put(key string, cleared int, a rag.Answer) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if cleared != c.cleared {
		return
	}
	if e, ok := c.byKey[key]; ok {
		e.Value.(*entry).answer = a
		c.order.MoveToFront(e)
		return
	}
	c.byKey[key] = c.order.PushFront(&entry{key, a})
	for c.order.Len() > c.max {
		last := c.order.Back()
		delete(c.byKey, last.Value.(*entry).key)
		c.order.Remove(last)
	}
}

// cacheKey is a hash of the model, the collection's state, how the question was
// understood, which the check goes by, and the whole prompt.
func (a *Answerer) cacheKey(q rag.Query, given packed) string {
	if a.opt.Cache == nil {
		return ""
	}
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %d %s %q %q %v %q %q\n%s\n%s", a.opt.Model.Name(), a.opt.CacheKey, given.free,
		q.Asks, q.Places, q.Unknown, q.Periods, q.Kind, q.Speaker, systemMessage, userMessage(q, given.hits))
	return hex.EncodeToString(h.Sum(nil))
}
