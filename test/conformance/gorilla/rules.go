package main

import (
	"fmt"
	"path/filepath"
	"time"
)

// rule is one sentence about gorilla, Go or TCP that the models rely on, and how to show it on real sockets.
type rule struct {
	// The number that the sentence has in models/net/websocket.ts, or what it is about.
	number any
	says   string
	// Gives whether it holds, and what was seen.
	show func(p pair) (bool, data)
}

// ruleLine is one line of rules.ndjson.
type ruleLine struct {
	Rule  any    `json:"rule"`
	Says  string `json:"says"`
	Holds bool   `json:"holds"`
	Seen  data   `json:"seen"`
}

type rulesHeader struct {
	Halfopen string            `json:"halfopen"`
	Version  int               `json:"version"`
	MadeWith map[string]string `json:"madeWith"`
}

func recordRules(folder string, madeWith map[string]string) error {
	lines := []any{rulesHeader{Halfopen: "rules", Version: 1, MadeWith: madeWith}}
	for _, group := range [][]rule{writeRules, readRules, closeRules, runtimeRules} {
		for _, r := range group {
			p, err := newPair()
			if err != nil {
				return err
			}
			holds, seen := r.show(p)
			p.close()
			verdict := "holds"
			if !holds {
				verdict = "FAILS"
			}
			fmt.Printf("%v %s: %s %v\n", r.number, verdict, r.says, seen)
			lines = append(lines, ruleLine{r.number, r.says, holds, seen})
		}
	}
	return writeLines(filepath.Join(folder, "rules.ndjson"), lines)
}

// After this long what could have happened has happened; what must not happen within it is seen not to.
const aWhile = 100 * time.Millisecond

func in(d time.Duration) time.Time {
	return time.Now().Add(d)
}

func milliseconds(d time.Duration) float64 {
	return float64(d.Microseconds()) / 1000
}

// background runs an action, and gives its error and how long it took when it has ended.
func background(act func() error) <-chan ended {
	result := make(chan ended, 1)
	began := time.Now()
	go func() {
		err := act()
		result <- ended{word(err), time.Since(began)}
	}()
	return result
}

type ended struct {
	err  string
	took time.Duration
}

// panicOf gives what an action panics with; empty where it does not.
func panicOf(act func()) (reason string) {
	defer func() {
		if r := recover(); r != nil {
			reason = fmt.Sprint(r)
		}
	}()
	act()
	return ""
}
