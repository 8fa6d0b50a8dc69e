/* Every run of a plan: each event is one d_step.
   dehydrate test, 3 steps.
   spin -a -o2 keeps variables that are only written: they are part of a state, too.
   An assertion that fails speaks of told(N), what is broken:
   0  WORK-1
   1  WORK-1 of c1 by user-wakes-hibernated c1
   2  WORK-1 of c1 by user-wakes-parked c1
   3  guard of restrict-login
   4  guard of hibernate-container
   5  INV-01
   6  INV-02
   7  guard of passivate-container
   8  INV-03
   9  INV-08
   10  goal: every container is parked
   11  goal: ?wm-data and ?wm-runtime are in the backup, verified
   12  goal: docker is stopped on every host
   13  goal: the old Platform is stopped
   14  goal: the Platform?s address is free
   15  goal: the backup is in one piece and holds everybody?s last saved work
*/

#define WAITING 0
#define RUNNING 1
#define FAILED 2
#define DONE 3
#define RUN_PASSIVATED 0
#define RUN_RUNNING 1
#define RUN_HIBERNATING 2
#define RUN_STOPPED 3
#define RUN_PASSIVATING 4
#define RUN_ACTIVATING 5
#define RUN_FAILED 6
#define PLACE_PARKED 0
#define PLACE_HOME 1
#define PLACE_SUCCESSOR 2
#define NEWEST_OLD_PLATFORM 0
#define NEWEST_INSTANCE_DISK 1
#define NEWEST_NEW_PLATFORM 2
#define NEWEST_GONE 3
#define CAPTURED_NOTHING 0
#define CAPTURED_STALE 1
#define CAPTURED_NEWEST 2
#define GATE_OPEN 0
#define GATE_RESTRICTING 1
#define GATE_RESTRICTED 2
#define ready_s3 ((step_s3 == WAITING) && !is_stopped)
#define ready_s4 ((step_s4 == WAITING) && !is_stopped && (step_s3 == DONE))
#define open_s4 ((run_c1 == RUN_RUNNING) && (place_c1 != PLACE_SUCCESSOR) && (gate == GATE_RESTRICTED))
#define ready_s6 ((step_s6 == WAITING) && !is_stopped)
#define open_s6 ((run_c1 == RUN_STOPPED) && (place_c1 != PLACE_SUCCESSOR) && (gate == GATE_RESTRICTED) && ((place_c1 != PLACE_HOME) && (place_c1 != PLACE_SUCCESSOR)) && (place_c1 != PLACE_HOME))
#define holds_16 (newest_c1 != NEWEST_GONE)
#define all_done ((step_s3 == DONE) && (step_s4 == DONE) && (step_s6 == DONE))
#define faulted ((used_0 != 0) || (used_1 != 0))

unsigned step_s3 : 2;
unsigned step_s4 : 2;
unsigned step_s6 : 2;
bit used_0;
bit used_1;
bit is_stopped;
unsigned committed : 2;
unsigned run_c1 : 3 = 1;
unsigned place_c1 : 2 = 1;
unsigned newest_c1 : 2 = 1;
unsigned captured_c1 : 2;
unsigned gate : 2;

/* No part of a state: what an event depends on; what has been told already. */
hidden byte when_0;
hidden byte when_1;
hidden byte told[16];

inline breaks(property) {
  if :: (told[property] == 0) -> told[property] = 1; assert(told[property] == 0)
     :: else fi
}
inline judge_goals() {
      skip;
      if :: !(run_c1 == RUN_PASSIVATED) -> breaks(10) :: else fi;
      if :: true -> breaks(11) :: else fi;
      if :: true -> breaks(12) :: else fi;
      if :: true -> breaks(13) :: else fi;
      if :: true -> breaks(14) :: else fi;
      if :: true -> breaks(15) :: else fi;
}

active proctype plan() {
  /* as the installation is found */
  d_step {
      skip;
      if :: !holds_16 -> breaks(0) :: else fi;
  };
end:
  do
  /* s3, restrict-login: done */
  :: d_step {
      ((step_s3 == RUNNING) && (gate != GATE_OPEN)) ->
      step_s3 = DONE;
      gate = GATE_RESTRICTED;
    }
  /* s3, restrict-login: found done, or under way */
  :: d_step {
      (ready_s3 && !(committed == 1) && ((gate == GATE_RESTRICTED) || (gate == GATE_RESTRICTING))) ->
      step_s3 = RUNNING;
    }
  /* s3, restrict-login: requested without another look */
  :: d_step {
      (ready_s3 && (committed == 1) && (gate == GATE_OPEN)) ->
      step_s3 = RUNNING;
      committed = 0;
      gate = GATE_RESTRICTING;
    }
  /* s4, hibernate-container c1: requested */
  :: d_step {
      (ready_s4 && !(committed == 2) && open_s4) ->
      step_s4 = RUNNING;
      run_c1 = RUN_HIBERNATING;
    }
  /* s4, hibernate-container c1: done */
  :: d_step {
      ((step_s4 == RUNNING) && ((place_c1 != PLACE_SUCCESSOR) && ((run_c1 == RUN_HIBERNATING) || (run_c1 == RUN_STOPPED)))) ->
      step_s4 = DONE;
      run_c1 = RUN_STOPPED;
      if :: (!faulted && all_done) -> judge_goals() :: else fi;
    }
  /* s4, hibernate-container c1: found done, or under way */
  :: d_step {
      (ready_s4 && !(committed == 2) && !open_s4 && ((run_c1 == RUN_STOPPED) || (run_c1 == RUN_HIBERNATING))) ->
      step_s4 = RUNNING;
    }
  /* s4, hibernate-container c1: its guard was looked at */
  :: d_step {
      (ready_s4 && (committed == 0) && open_s4 && (used_1 < 1)) ->
      used_1 = used_1 + 1;
      committed = 2;
    }
  /* s4, hibernate-container c1: requested without another look */
  :: d_step {
      (ready_s4 && (committed == 2) && (run_c1 == RUN_RUNNING) && (place_c1 != PLACE_SUCCESSOR)) ->
      step_s4 = RUNNING;
      committed = 0;
      run_c1 = RUN_HIBERNATING;
    }
  /* s6, passivate-container c1: requested */
  :: d_step {
      (ready_s6 && !(committed == 3) && open_s6) ->
      step_s6 = RUNNING;
      run_c1 = RUN_PASSIVATING;
    }
  /* s6, passivate-container c1: done */
  :: d_step {
      ((step_s6 == RUNNING) && ((place_c1 != PLACE_SUCCESSOR) && ((run_c1 == RUN_PASSIVATED) || (run_c1 == RUN_PASSIVATING)))) ->
      when_0 = ((place_c1 == PLACE_HOME) && (newest_c1 == NEWEST_INSTANCE_DISK));
      when_1 = ((place_c1 == PLACE_SUCCESSOR) && (newest_c1 == NEWEST_INSTANCE_DISK));
      if :: (holds_16 && !(when_1 || (when_0 || (newest_c1 != NEWEST_GONE)))) -> breaks(0) :: else fi;
      step_s6 = DONE;
      run_c1 = RUN_PASSIVATED;
      place_c1 = PLACE_PARKED;
      if :: when_0 -> newest_c1 = NEWEST_OLD_PLATFORM :: else fi;
      if :: when_1 -> newest_c1 = NEWEST_NEW_PLATFORM :: else fi;
      if :: (!faulted && all_done) -> judge_goals() :: else fi;
    }
  /* s6, passivate-container c1: found done, or under way */
  :: d_step {
      (ready_s6 && !(committed == 3) && !open_s6 && (((run_c1 == RUN_PASSIVATED) && (place_c1 == PLACE_PARKED)) || (run_c1 == RUN_PASSIVATING))) ->
      step_s6 = RUNNING;
    }
  /* s6, passivate-container c1: its guard was looked at */
  :: d_step {
      (ready_s6 && (committed == 0) && open_s6 && (used_1 < 1)) ->
      used_1 = used_1 + 1;
      committed = 3;
    }
  /* s6, passivate-container c1: requested without another look */
  :: d_step {
      (ready_s6 && (committed == 3) && (run_c1 == RUN_STOPPED) && (place_c1 != PLACE_SUCCESSOR)) ->
      step_s6 = RUNNING;
      committed = 0;
      run_c1 = RUN_PASSIVATING;
    }
  /* user-wakes-hibernated c1 */
  :: d_step {
      ((used_0 < 1) && (run_c1 == RUN_STOPPED) && (place_c1 == PLACE_HOME) && (gate != GATE_RESTRICTED)) ->
      when_0 = (newest_c1 != NEWEST_GONE);
      when_1 = ((captured_c1 == CAPTURED_NEWEST) && (newest_c1 != NEWEST_GONE));
      if :: (holds_16 && !(when_0 || (newest_c1 != NEWEST_GONE))) -> breaks(1) :: else fi;
      used_0 = used_0 + 1;
      run_c1 = RUN_RUNNING;
      place_c1 = PLACE_HOME;
      if :: when_0 -> newest_c1 = NEWEST_INSTANCE_DISK :: else fi;
      if :: when_1 -> captured_c1 = CAPTURED_STALE :: else fi;
    }
  /* user-wakes-parked c1 */
  :: d_step {
      ((used_0 < 1) && (run_c1 == RUN_PASSIVATED) && (gate != GATE_RESTRICTED)) ->
      when_0 = (newest_c1 != NEWEST_GONE);
      when_1 = ((captured_c1 == CAPTURED_NEWEST) && (newest_c1 != NEWEST_GONE));
      if :: (holds_16 && !(when_0 || (newest_c1 != NEWEST_GONE))) -> breaks(2) :: else fi;
      used_0 = used_0 + 1;
      run_c1 = RUN_RUNNING;
      place_c1 = PLACE_HOME;
      if :: when_0 -> newest_c1 = NEWEST_INSTANCE_DISK :: else fi;
      if :: when_1 -> captured_c1 = CAPTURED_STALE :: else fi;
    }
  /* a guard is closed though nothing has gone wrong */
  :: d_step {
      (!faulted && (ready_s3 || (ready_s4 && !open_s4) || (ready_s6 && !open_s6))) ->
      if :: ((ready_s3 && !(gate == GATE_OPEN)) || ready_s3) -> breaks(3) :: else fi;
      if :: ((ready_s4 && !(run_c1 == RUN_RUNNING)) || (ready_s4 && !(place_c1 != PLACE_SUCCESSOR))) -> breaks(4) :: else fi;
      if :: ((ready_s4 && !(gate == GATE_RESTRICTED)) || (ready_s6 && !(gate == GATE_RESTRICTED))) -> breaks(5) :: else fi;
      if :: (ready_s6 && !(run_c1 == RUN_STOPPED)) -> breaks(6) :: else fi;
      if :: (ready_s6 && !(place_c1 != PLACE_SUCCESSOR)) -> breaks(7) :: else fi;
      if :: (ready_s6 && !((place_c1 != PLACE_HOME) && (place_c1 != PLACE_SUCCESSOR))) -> breaks(8) :: else fi;
      if :: (ready_s6 && !(place_c1 != PLACE_HOME)) -> breaks(9) :: else fi;
    }
  od
}
