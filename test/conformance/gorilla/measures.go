package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"os"
	"sort"
)

// span is the least, median and greatest of a measured length of time, in nanoseconds.
type span struct {
	Count    int   `json:"count"`
	Least    int64 `json:"least"`
	Median   int64 `json:"median"`
	Greatest int64 `json:"greatest"`
}

// measures is what all trials of a variant and a story say, the ones whose log is not kept included.
type measures struct {
	Variant  string `json:"variant"`
	Story    string `json:"story"`
	Trials   int    `json:"trials"`
	Released int    `json:"released"`
	// From the death of the first client, or its leaving, to the release of its slot.
	DeathToRelease *span `json:"deathToRelease,omitempty"`
	// From the last time that the read deadline was armed to the release of the slot.
	SilenceToRelease *span `json:"silenceToRelease,omitempty"`
	// From the end of the first session until nothing of it is left.
	EndToEmpty *span `json:"endToEmpty,omitempty"`
	// How often the first session failed of each cause.
	Causes map[string]int `json:"causes,omitempty"`
	// The greatest lateness of a goroutine that asked for a certain time while a trial ran.
	Lateness int64 `json:"lateness"`
}

func measure(variant, story string, outcomes []outcome) measures {
	m := measures{Variant: variant, Story: story, Trials: len(outcomes)}
	var death, silence, end []int64
	for _, o := range outcomes {
		if late := o.lateness.Nanoseconds(); late > m.Lateness {
			m.Lateness = late
		}
		if length := o.deathToRelease(); length < math.MaxInt64 {
			death = append(death, length)
		}
		if length := o.between("read deadline armed", "slot released"); length < math.MaxInt64 {
			silence = append(silence, length)
		}
		if length := o.between("session ends", "session empty"); length < math.MaxInt64 {
			end = append(end, length)
		}
		if o.last("slot released") >= 0 {
			m.Released++
		}
		for _, e := range o.events {
			if e.Name == "fails" && e.Data["session"] == 1 {
				if m.Causes == nil {
					m.Causes = map[string]int{}
				}
				m.Causes[e.Data["cause"].(string)]++
				break
			}
		}
	}
	m.DeathToRelease, m.SilenceToRelease, m.EndToEmpty = spanOf(death), spanOf(silence), spanOf(end)
	return m
}

func spanOf(lengths []int64) *span {
	if len(lengths) == 0 {
		return nil
	}
	sort.Slice(lengths, func(i, j int) bool { return lengths[i] < lengths[j] })
	return &span{len(lengths), lengths[0], lengths[len(lengths)/2], lengths[len(lengths)-1]}
}

// deathToRelease is MaxInt64 where the slot is not released, or nobody died.
func (o outcome) deathToRelease() int64 {
	if length := o.between("client dead", "slot released"); length < math.MaxInt64 {
		return length
	}
	return o.between("leaves", "slot released")
}

// held is how long the slot outlived the client; where nobody died, how long it was held; MaxInt64 for to the end.
func (o outcome) held() int64 {
	if length := o.deathToRelease(); length < math.MaxInt64 {
		return length
	}
	return o.between("slot taken", "slot released")
}

// between the last event of one name and the last of the other, of the first session.
func (o outcome) between(from, to string) int64 {
	begin, end := o.last(from), o.last(to)
	if begin < 0 || end < 0 {
		return math.MaxInt64
	}
	return end - begin
}

// last is when the first session last had an event of this name; negative for never.
func (o outcome) last(name string) int64 {
	at := int64(-1)
	for _, e := range o.events {
		if e.Name == name && e.Data["session"] == 1 {
			at = e.At
		}
	}
	return at
}

// readMeasures gives what a file of an earlier recording says, by name; nothing where there is none.
func readMeasures(file string) (map[string]measures, error) {
	all := map[string]measures{}
	text, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return all, nil
	}
	for decoder := json.NewDecoder(bytes.NewReader(text)); err == nil; {
		var m measures
		if err = decoder.Decode(&m); err == nil {
			all[logName(m.Variant, m.Story)] = m
		}
	}
	if err == io.EOF {
		err = nil
	}
	return all, err
}
