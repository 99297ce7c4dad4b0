export function App() {
  return <main>Vigil</main>;
}
