package main

import (
	"sync"
	"time"
)

var runtimeRules = []rule{
	{19, "a ticker keeps one tick for a late receiver and drops more, and its period does not drift", func(pair) (bool, data) {
		const period = 20 * time.Millisecond
		ticker := time.NewTicker(period)
		defer ticker.Stop()
		began := time.Now()
		time.Sleep(period*9/2 + period/10)
		kept := 0
		for more := true; more; {
			select {
			case <-ticker.C:
				kept++
			default:
				more = false
			}
		}
		next := (<-ticker.C).Sub(began)
		return kept == 1 && next%period < period/2, data{"kept": kept, "nextTickMs": milliseconds(next)}
	}},
	{19, "a mutex goes to waiters that have waited for more than 1 ms in the order in which they came", func(pair) (bool, data) {
		var mu, orderMu sync.Mutex
		var order []int
		var all sync.WaitGroup
		mu.Lock()
		for i := 0; i < 8; i++ {
			all.Add(1)
			go func(i int) {
				defer all.Done()
				mu.Lock()
				orderMu.Lock()
				order = append(order, i)
				orderMu.Unlock()
				time.Sleep(2 * time.Millisecond)
				mu.Unlock()
			}(i)
			time.Sleep(5 * time.Millisecond)
		}
		mu.Unlock()
		all.Wait()
		inOrder := true
		for i, each := range order {
			inOrder = inOrder && i == each
		}
		return inOrder, data{"order": order}
	}},
	{19, "select with several ready cases picks any of them", func(pair) (bool, data) {
		a, b := make(chan struct{}), make(chan struct{})
		close(a)
		close(b)
		picked := map[string]int{}
		for i := 0; i < 1000; i++ {
			select {
			case <-a:
				picked["a"]++
			case <-b:
				picked["b"]++
			}
		}
		return picked["a"] > 300 && picked["b"] > 300, data{"a": picked["a"], "b": picked["b"]}
	}},
}
