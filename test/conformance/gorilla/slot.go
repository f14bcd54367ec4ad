package main

import "sync"

// slot is the one attach slot of a process: MarkConnected and MarkDisconnected of the exec manager.
type slot struct {
	mu        sync.Mutex
	connected bool
	holders   []int // For the log only: the code cannot see it.
	log       *eventLog
}

func (s *slot) markConnected(session int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.connected {
		s.log.emit("slot", "attach refused", data{"session": session, "holders": len(s.holders)})
		return false
	}
	s.connected = true
	s.holders = append(s.holders, session)
	s.log.emit("slot", "slot taken", data{"session": session})
	return true
}

// markDisconnected is unconditional: the real one has no owner token either.
func (s *slot) markDisconnected(session int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	byHolder := s.holds(session)
	s.connected = false
	var left []int
	for _, each := range s.holders {
		if each != session {
			left = append(left, each)
		}
	}
	s.holders = left
	s.log.emit("slot", "slot released", data{"session": session, "byHolder": byHolder})
}

func (s *slot) isHeldBy(session int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.holds(session)
}

func (s *slot) holds(session int) bool {
	for _, each := range s.holders {
		if each == session {
			return true
		}
	}
	return false
}
