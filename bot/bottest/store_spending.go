package bottest

import "sync"

// spending asks for allowances, each for another event.
type spending struct {
	storeTest
	event int64
	got   []bool
}

func (s *spending) spend(user int64, day string, limit int) {
	s.Helper()
	s.event++
	ok, err := s.Spend(s.Context(), user, s.event, day, limit)
	s.check(err)
	s.got = append(s.got, ok)
}

func (s *spending) want(what string, want ...bool) {
	s.Helper()
	s.equal(what, s.got, want)
	s.got = nil
}

func testSpend(t storeTest) {
	s := spending{storeTest: t}
	for range 4 {
		s.spend(1, "2025-03-04", 3)
	}
	s.want("3 a day", true, true, true, false)
	s.spend(2, "2025-03-04", 1) // another user
	s.spend(1, "2025-03-04", 4) // a higher limit counts what was spent
	s.spend(1, "2025-03-04", 4)
	s.spend(1, "2025-03-05", 1) // another day
	s.spend(1, "2025-03-05", 1)
	s.spend(3, "2025-03-04", 0)
	s.want("others", true, true, false, true, false, false)
	s.spend(1, "2025-03-04", 1) // the clock was put back
	s.spend(1, "2025-03-05", 1)
	s.spend(1, "2025-03-06", 1)
	s.want("a day of the past", false, false, true)
}

// testSpendAgain has events come again, as after a crash: each takes one.
func testSpendAgain(s storeTest) {
	spend := func(event int64, day string) bool {
		s.Helper()
		ok, err := s.Spend(s.Context(), 1, event, day, 3)
		s.check(err)
		return ok
	}
	var got []bool
	for _, event := range []int64{11, 12, 11, 12, 12, 13, 14, 11, 14} {
		got = append(got, spend(event, "2025-03-04"))
	}
	s.equal("four events, some of them again", got, []bool{true, true, true, true, true, true, false, true, false})
	got = []bool{spend(13, "2025-03-05"), spend(21, "2025-03-05"), spend(22, "2025-03-05"), spend(23, "2025-03-05"), spend(24, "2025-03-05")}
	s.equal("one of them after midnight, and others", got, []bool{true, true, true, true, false})
}

func testSpendAtOnce(s storeTest) {
	const limit = 10
	var mu sync.Mutex
	var all sync.WaitGroup
	n := 0
	for event := range int64(3 * limit) {
		all.Go(func() {
			ok, err := s.Spend(s.Context(), 1, event, "2025-03-04", limit)
			if err != nil {
				s.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			if ok {
				n++
			}
		})
	}
	all.Wait()
	s.equal("spent", n, limit)
}
