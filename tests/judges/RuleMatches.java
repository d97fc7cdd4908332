import java.nio.file.Files;
import java.nio.file.Path;
import software.amazon.event.ruler.Machine;

/**
 * Which events does a pattern of EventBridge match?  Asked is the engine that
 * EventBridge itself uses.
 *
 * <p>RuleMatches PATTERN EVENTS: a file with the pattern, one with an event a
 * line; prints "yes" or "no" for each.
 */
public final class RuleMatches {
    @SuppressWarnings("deprecation")
    public static void main(String[] args) throws Exception {
        Machine machine = new Machine();

        machine.addRule("rule", Files.readString(Path.of(args[0])));
        for (String event : Files.readAllLines(Path.of(args[1])))
            System.out.println(
                machine.rulesForJSONEvent(event).isEmpty() ? "no" : "yes");
    }
}
