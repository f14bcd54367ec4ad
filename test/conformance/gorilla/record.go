package main

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"sort"
	"sync"
	"time"
)

// header is the first line of a log.
type header struct {
	Halfopen string            `json:"halfopen"`
	Version  int               `json:"version"`
	Model    string            `json:"model"`
	Variant  string            `json:"variant"`
	Story    string            `json:"story"`
	Settings map[string]string `json:"settings"`
	Unit     string            `json:"unit"`
	Error    int64             `json:"error"`
	Events   []string          `json:"events"`
	Once     []string          `json:"once"`
	MadeWith map[string]string `json:"madeWith"`
}

// trialLine begins a trial: the events that follow it have times of their own.
type trialLine struct {
	Trial int   `json:"trial"`
	Until int64 `json:"until"`
}

// tries is how often a trial is run at most.
const tries = 8

// recorder runs trials and writes a log for each variant and story, and one line of measures.
type recorder struct {
	folder   string
	trials   int
	keep     int
	parallel int
	calm     time.Duration
	jitter   *jitter
	madeWith map[string]string
}

func (r recorder) record(v variant, s story, seed int64) (measures, error) {
	outcomes, err := r.runAll(v, s, seed)
	if err != nil {
		return measures{}, err
	}
	c := scaled()
	if s.settings != nil {
		s.settings(&c)
	}
	kept := r.kept(outcomes)
	// Once for what happens late, a deadline say, and once for the line that tells it.
	var measuringError int64
	for _, index := range kept {
		if twice := 2 * outcomes[index].lateness.Nanoseconds(); twice > measuringError {
			measuringError = twice
		}
	}
	lines := []any{header{
		Halfopen: "log", Version: 1, Model: "attach", Variant: v.name, Story: s.name, Settings: c.settings(),
		Unit: "ns", Error: measuringError, Events: toldEvents, Once: toldOnce, MadeWith: r.madeWith,
	}}
	for _, index := range kept {
		lines = append(lines, trialLine{Trial: index + 1, Until: outcomes[index].until})
		for _, e := range outcomes[index].events {
			lines = append(lines, e)
		}
	}
	name := logName(v.name, s.name) + ".ndjson"
	return measure(v.name, s.name, outcomes), writeLines(filepath.Join(r.folder, name), lines)
}

func (r recorder) runAll(v variant, s story, seed int64) ([]outcome, error) {
	outcomes := make([]outcome, r.trials*s.times)
	errors := make([]error, len(outcomes))
	slots := make(chan struct{}, r.parallel)
	var all sync.WaitGroup
	for i := range outcomes {
		slots <- struct{}{}
		all.Add(1)
		go func(i int) {
			defer all.Done()
			outcomes[i], errors[i] = r.runCalm(v, s, seed+int64(1000*i))
			<-slots
		}(i)
	}
	all.Wait()
	for _, err := range errors {
		if err != nil {
			return nil, err
		}
	}
	return outcomes, nil
}

// runCalm runs a trial again if the machine was too busy with other things, whatever came of it, and keeps the calmest.
// Where the slot was held to the end there is no length of time to measure.
func (r recorder) runCalm(v variant, s story, seed int64) (outcome, error) {
	var calmest outcome
	for try := 0; try < tries; try++ {
		o, err := s.run(v, seed, r.jitter)
		if err != nil {
			return outcome{}, err
		}
		if try == 0 || o.lateness < calmest.lateness {
			calmest = o
		}
		if calmest.lateness <= r.calm || o.last("slot released") < 0 {
			break
		}
	}
	return calmest, nil
}

// kept are the trials of which the log is written: those in which the slot was held shortest and longest, as far as it
// was released at all, then those in which the machine was calmest.
func (r recorder) kept(outcomes []outcome) []int {
	order := make([]int, len(outcomes))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool { return outcomes[order[i]].lateness < outcomes[order[j]].lateness })
	shortest, longest := -1, -1
	for _, index := range order {
		held := outcomes[index].held()
		if held == math.MaxInt64 {
			continue
		}
		if shortest < 0 || held < outcomes[shortest].held() {
			shortest = index
		}
		if longest < 0 || held > outcomes[longest].held() {
			longest = index
		}
	}
	seen := map[int]bool{-1: true}
	var kept []int
	for _, index := range append([]int{shortest, longest}, order...) {
		if !seen[index] && len(kept) < r.keep {
			seen[index] = true
			kept = append(kept, index)
		}
	}
	sort.Ints(kept)
	return kept
}

func writeLines[T any](file string, lines []T) error {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	for _, line := range lines {
		if err := encoder.Encode(line); err != nil {
			return err
		}
	}
	return os.WriteFile(file, out.Bytes(), 0o644)
}
